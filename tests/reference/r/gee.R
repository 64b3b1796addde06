# Estimating equations by geepack, MASS, ordinal, sandwich and clubSandwich, and the corrections for few clusters from the
# papers' formulae with dense matrices of each cluster's own size, for tests/reference/test_gee.py.
# Run: Rscript gee.R > ../gee.json
suppressMessages({library(geepack); library(MASS); library(clubSandwich); library(ordinal); library(sandwich); library(jsonlite)})
tight <- geese.control(epsilon = 1e-13, maxit = 200)
draw <- function(seed, size, kind, waves = 1) {
  set.seed(seed)
  cluster <- rep(seq_along(size), size * waves)
  n <- length(cluster)
  arm <- as.integer(cluster %% 2 == 0)
  x <- round(rnorm(n), 2)
  wave <- rep(seq_len(waves) - 1, length.out = n)
  eta <- -0.4 + 0.5 * arm + 0.4 * x + 0.3 * wave + rnorm(length(size), 0, 0.5)[cluster]
  y <- switch(kind, binomial = rbinom(n, 1, plogis(eta)), poisson = rpois(n, exp(0.6 * eta)),
              gaussian = round(5 + 2 * eta + rnorm(n), 3),
              ordinal = findInterval(eta + rlogis(n), c(-1, 0.2, 1.5)))
  data.frame(cluster, person = rep(seq_len(n / waves), each = waves), arm, x, wave, y)
}
power <- function(a, p) { e <- eigen(a); Re(e$vectors %*% diag(e$values^p, nrow(a)) %*% solve(e$vectors)) }
# parts: for each cluster D (rows x p), V (rows x rows), r (rows)
corrections <- function(parts, bound = 0.75) {
  M <- solve(Reduce(`+`, lapply(parts, function(k) t(k$D) %*% solve(k$V, k$D))))
  meat <- list(none = 0, `mancl-derouen` = 0, `kauermann-carroll` = 0, `fay-graubard` = 0)
  for (k in parts) {
    Vi <- solve(k$V); H <- k$D %*% M %*% t(k$D) %*% Vi; I <- diag(nrow(H))
    omega <- t(k$D) %*% Vi %*% k$D
    h <- diag((1 - pmin(bound, diag(omega %*% M)))^-0.5, nrow(M))
    u <- list(none = t(k$D) %*% Vi %*% k$r, `mancl-derouen` = t(k$D) %*% Vi %*% solve(I - H, k$r),
              `kauermann-carroll` = t(k$D) %*% Vi %*% power(I - H, -0.5) %*% k$r,
              `fay-graubard` = h %*% t(k$D) %*% Vi %*% k$r)
    for (name in names(meat)) meat[[name]] <- meat[[name]] + u[[name]] %*% t(u[[name]])
  }
  lapply(meat, function(m) unname(M %*% m %*% M))
}
gee_parts <- function(X, y, beta, alpha, family, cluster) {
  eta <- as.vector(X %*% beta); mu <- family$linkinv(eta); slope <- family$mu.eta(eta); v <- family$variance(mu)
  lapply(split(seq_along(y), cluster), function(i) {
    n <- length(i); s <- diag(sqrt(v[i]), n)
    R <- matrix(alpha, n, n); diag(R) <- 1
    list(D = X[i, , drop = FALSE] * slope[i], V = s %*% R %*% s, r = y[i] - mu[i])
  })
}
# risks of everybody with arm set, and delta-method errors of difference and log ratio
standardised <- function(X, arm, interaction, beta, vcov, family) {
  at <- function(value) {
    Z <- X; Z[, arm] <- value; if (length(interaction)) Z[, interaction[1]] <- value * Z[, interaction[2]]
    eta <- as.vector(Z %*% beta); list(risk = mean(family$linkinv(eta)), slope = colMeans(Z * family$mu.eta(eta)))
  }
  a <- at(0); b <- at(1); se <- function(g) sqrt(as.numeric(t(g) %*% vcov %*% g))
  list(risk = c(a$risk, b$risk), risk_se = c(se(a$slope), se(b$slope)),
       difference = b$risk - a$risk, difference_se = se(b$slope - a$slope),
       ratio = b$risk / a$risk, log_ratio_se = se(b$slope / b$risk - a$slope / a$risk))
}
one <- function(id, seed, size, kind, corstr, waves = 1) {
  d <- draw(seed, size, kind, waves)
  family <- switch(kind, binomial = binomial(), poisson = poisson(), gaussian = gaussian())
  f <- if (waves > 1) y ~ arm + wave + x + arm:wave else y ~ arm + x
  assign("d", d, envir = globalenv())
  fit <- geeglm(f, id = cluster, data = d, family = family, corstr = corstr, control = tight)
  X <- model.matrix(f, d); beta <- coef(fit)
  alpha <- if (corstr == "exchangeable") unname(fit$geese$alpha) else 0
  vcov <- corrections(gee_parts(X, d$y, beta, alpha, family, d$cluster))
  out <- list(id = id, family = kind, working = corstr, formula = deparse(f), data = as.list(d),
              estimate = unname(beta), terms = names(beta), correlation = alpha, scale = unname(fit$geese$gamma),
              geepack_vcov = unname(fit$geese$vbeta), vcov = vcov)
  inter <- if (waves > 1) c("arm:wave", "wave") else NULL
  out$standardised <- standardised(X, "arm", inter, beta, vcov[["kauermann-carroll"]], family)
  if (kind == "gaussian" && corstr == "independence") {
    lmfit <- lm(f, d)
    out$club <- lapply(c(CR0 = "CR0", CR2 = "CR2", CR3 = "CR3"), function(type) {
      v <- vcovCR(lmfit, cluster = d$cluster, type = type)
      tt <- coef_test(lmfit, vcov = v, test = "Satterthwaite")
      list(vcov = unname(as.matrix(v)), df = if ("df_Satt" %in% names(tt)) tt$df_Satt else tt$df)
    })
  }
  out
}
# Proportional odds: logit P(Y > j) = x'beta - theta_j; dense, by the indicators 1(Y > j).
ordinal_parts <- function(par, y, X, cuts, cluster) {
  theta <- par[seq_len(cuts)]; beta <- par[-seq_len(cuts)]
  lapply(split(seq_along(y), cluster), function(i) {
    n <- length(i); D <- NULL; V <- matrix(0, n * cuts, n * cuts); r <- NULL
    for (a in seq_along(i)) {
      g <- plogis(sum(X[i[a], ] * beta) - theta)          # P(Y > j), falling in j
      D <- rbind(D, (g * (1 - g)) * cbind(-diag(cuts), matrix(X[i[a], ], cuts, ncol(X), byrow = TRUE)))
      at <- (a - 1) * cuts + seq_len(cuts)
      V[at, at] <- outer(seq_len(cuts), seq_len(cuts), function(j, l) g[pmax(j, l)] * (1 - g[pmin(j, l)]))
      r <- c(r, as.numeric(y[i[a]] > seq_len(cuts) - 1) - g)
    }
    list(D = D, V = V, r = r)
  })
}
ordinal <- function(id, seed, size, waves = 1) {
  d <- draw(seed, size, "ordinal", waves); assign("d", d, envir = globalenv())
  X <- as.matrix(d[, c("arm", "x")]); cuts <- max(d$y)
  start <- polr(factor(y) ~ arm + x, d, Hess = TRUE)
  par <- c(start$zeta, coef(start))
  for (step in 1:20) {
    parts <- ordinal_parts(par, d$y, X, cuts, d$cluster)
    A <- Reduce(`+`, lapply(parts, function(k) t(k$D) %*% solve(k$V, k$D)))
    s <- Reduce(`+`, lapply(parts, function(k) t(k$D) %*% solve(k$V, k$r)))
    par <- par + as.vector(solve(A, s))
  }
  stopifnot(max(abs(s)) < 1e-9)
  other <- clm(factor(y) ~ arm + x, data = d, control = clm.control(gradTol = 1e-12, maxIter = 200))
  meat <- nrow(d) * meatCL(other, cluster = d$cluster, type = "HC0", cadjust = FALSE)
  band <- function(p, value) {
    eta <- d$x * p[cuts + 2] + value * p[cuts + 1]
    above <- sapply(p[seq_len(cuts)], function(t) mean(plogis(eta - t))); -diff(c(1, above, 0))
  }
  vcov <- corrections(ordinal_parts(par, d$y, X, cuts, d$cluster))
  gradient <- function(value) sapply(seq_along(par), function(j) {
    h <- 1e-5; up <- par; up[j] <- up[j] + h; down <- par; down[j] <- down[j] - h
    (band(up, value) - band(down, value)) / (2 * h)
  })
  spread <- function(G) sqrt(diag(G %*% vcov[["mancl-derouen"]] %*% t(G)))
  list(id = id, data = as.list(d), cuts = cuts, estimate = unname(par), polr = unname(c(start$zeta, coef(start))),
       clm = unname(coef(other)), log_likelihood = as.numeric(logLik(other)), meat = unname(meat), vcov = vcov,
       bands = list(`0` = band(par, 0), `1` = band(par, 1)), band_se = list(`0` = spread(gradient(0)), `1` = spread(gradient(1))),
       difference_se = spread(gradient(1) - gradient(0)))
}
small <- c(9, 15, 7, 22, 12, 5, 18, 11, 8, 14, 6, 20)
cases <- list(
  one("binary, exchangeable", 11, small, "binomial", "exchangeable"),
  one("binary, independence", 12, small, "binomial", "independence"),
  one("binary, three waves", 13, c(6, 9, 4, 8, 5, 7, 10, 3), "binomial", "exchangeable", 3),
  one("binary, pairs of rows", 14, rep(2, 60), "binomial", "exchangeable"),
  one("counts, exchangeable", 15, small, "poisson", "exchangeable"),
  one("means, exchangeable", 16, small, "gaussian", "exchangeable"),
  one("means, independence", 17, c(9, 15, 7, 22, 12, 5), "gaussian", "independence"))
bands <- list(ordinal("bands", 21, small), ordinal("bands, three waves", 22, c(6, 9, 4, 8, 5, 7, 10, 3), 3))
out <- list(program = "gee.R", r_version = R.version.string,
            packages = lapply(c(geepack = "geepack", MASS = "MASS", clubSandwich = "clubSandwich", ordinal = "ordinal", sandwich = "sandwich"),
                              function(p) as.character(packageVersion(p))),
            cases = cases, bands = bands)
cat(toJSON(out, auto_unbox = TRUE, digits = NA), "\n")
