# cox.zph, survfit(coxph) and cmprsk::crr on the design of 300 rows that plain arithmetic makes.
# Run from this folder: Rscript hazards.R > ../hazards.json
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})
i <- 0:299
d <- data.frame(id = i, T = 1 + (37 * i) %% 97, E = (i^2 + i %/% 7) %% 3, practice = i %% 15,
                x = ((53 * i) %% 101) / 101, w = .5 + ((11 * i) %% 7) / 7)
d$arm <- as.numeric(d$practice < 7)
d$dead <- as.numeric(d$E == 2)
d$band <- i %% 4
d$kind <- factor((i %/% 5) %% 3)
d$week <- d$T %/% 7  # many ties, and a week 0
d$enter <- ifelse(i %% 2 == 0, floor(d$T / 3), 0)
d$flat <- ifelse(d$band == 2, 1, ((29 * i) %% 31) / 31)  # does not vary in one stratum
s <- survSplit(Surv(T, dead) ~ ., d, cut = 30, start = "start", end = "stop")
s$z <- s$x * (s$start >= 30)
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
fitted <- function(formula, data, weights = rep(1, nrow(data)), ties = "efron") {
  data$.w <- weights
  eval(substitute(coxph(F, D, weights = .w, ties = M, robust = FALSE, control = control,
                        x = TRUE, model = TRUE, y = TRUE),
                  list(F = formula, D = data, M = ties)))
}
tested <- function(f, transform = "km") {
  one <- function(terms) {
    z <- cox.zph(f, transform, terms = terms)
    list(chisq = unname(z$table[, "chisq"]), df = unname(z$table[, "df"]),
         p = unname(z$table[, "p"]), time = unname(z$time), g = unname(z$x),
         y = unname(z$y), var = unname(z$var))
  }
  list(coef = unname(coef(f)), terms = one(TRUE), columns = one(FALSE))
}
foretold <- function(f, newdata) {
  told <- function(k) {
    q <- survfit(f, newdata = newdata[k, , drop = FALSE], conf.type = "log-log")
    keep <- q$n.event > 0
    list(time = q$time[keep], cumhaz = q$cumhaz[keep], surv = q$surv[keep],
         se = q$std.err[keep], lower = q$lower[keep], upper = q$upper[keep],
         risk = q$n.risk[keep], event = q$n.event[keep])
  }
  list(coef = unname(coef(f)), rows = lapply(seq_len(nrow(newdata)), told),
       zero = { b <- basehaz(f, centered = FALSE); b$hazard[!duplicated(b$hazard) & b$hazard > 0] })
}
three <- Surv(T, dead) ~ arm + x + kind
zph <- list(
  km = tested(fitted(three, d)), identity = tested(fitted(three, d), "identity"),
  rank = tested(fitted(three, d), "rank"), log = tested(fitted(three, d), "log"),
  breslow = tested(fitted(three, d, ties = "breslow")),
  weighted = tested(fitted(three, d, weights = d$w)),
  weeks = tested(fitted(Surv(week, dead) ~ arm + x + kind, d, weights = d$w)),
  strata = tested(fitted(Surv(T, dead) ~ arm + x + kind + strata(band), d, weights = d$w)),
  flat = tested(fitted(Surv(T, dead) ~ arm + x + flat + strata(band), d)),
  delayed = tested(fitted(Surv(enter, T, dead) ~ arm + x + kind, d, weights = d$w)),
  delayed_rank = tested(fitted(Surv(enter, T, dead) ~ arm + x + kind, d), "rank"),
  split = tested(fitted(Surv(start, stop, dead) ~ arm + x + z, s)),
  split_strata = tested(fitted(Surv(start, stop, dead) ~ arm + x + z + strata(band), s))
)
new <- data.frame(arm = c(0, 1, 1), x = c(0, .25, 3))
bands <- data.frame(arm = 1, x = .25, band = 0:3)
base <- list(
  efron = foretold(fitted(Surv(T, dead) ~ arm + x, d), new),
  breslow = foretold(fitted(Surv(T, dead) ~ arm + x, d, ties = "breslow"), new),
  weighted = foretold(fitted(Surv(T, dead) ~ arm + x, d, weights = d$w), new),
  weeks = foretold(fitted(Surv(week, dead) ~ arm + x, d, weights = d$w), new),
  delayed = foretold(fitted(Surv(enter, T, dead) ~ arm + x, d, weights = d$w), new),
  strata = foretold(fitted(Surv(T, dead) ~ arm + x + strata(band), d, weights = d$w), bands)
)
# The influence of each person on crr's score, by plain loops as its paper writes it: the score
# residual and the part for the estimated censoring distribution. Their cross product gives
# crr's own variance; sums by practice give the practice-robust one.
influence <- function(time, status, z, b, failcode) {
  n <- length(time); z <- as.matrix(z); risk <- exp(c(z %*% b))
  kind <- ifelse(status == failcode, 1, ifelse(status == 0, 0, 2))
  u <- sort(unique(time))
  at_risk <- sapply(u, function(t) sum(time >= t))
  lost <- sapply(u, function(t) sum(time == t & kind == 0))
  G <- function(t) prod((1 - lost / at_risk)[u < t])
  own <- sapply(time, G)
  when <- time[kind == 1]
  w <- sapply(when, function(t) ifelse(time >= t, 1, ifelse(kind == 2, G(t) / own, 0)))
  s0 <- colSums(w * risk)
  mean_z <- t(w * risk) %*% z / s0
  eta <- matrix(0, n, ncol(z))
  for (k in seq_len(n)) {
    away <- sweep(-mean_z, 2, -z[k, ])
    eta[k, ] <- -colSums(away * w[k, ] * risk[k] / s0)
  }
  eta[kind == 1, ] <- eta[kind == 1, ] + z[kind == 1, ] - mean_z
  q <- t(sapply(u, function(t) {
    j <- which(kind == 2 & time < t); m <- which(when >= t)
    total <- rep(0, ncol(z))
    for (l in m) for (k in j)
      total <- total + (z[k, ] - mean_z[l, ]) * w[k, l] * risk[k] / s0[l]
    total
  }))
  psi <- matrix(0, n, ncol(z))
  for (k in seq_len(n)) {
    if (kind[k] == 0) psi[k, ] <- q[u == time[k], ] / at_risk[u == time[k]]
    psi[k, ] <- psi[k, ] - colSums((q * lost / at_risk^2)[u <= time[k], , drop = FALSE])
  }
  eta + psi
}
competing <- function(time, status, z, practice, failcode) {
  f <- crr(time, status, z, failcode = failcode, gtol = 1e-13, maxiter = 50)
  s <- crr(time, status, z, failcode = failcode)
  e <- influence(time, status, z, f$coef, failcode)
  practices <- rowsum(e %*% f$invinf, practice)
  list(coef = unname(f$coef), se = unname(sqrt(diag(f$var))), default = unname(s$coef),
       default_se = unname(sqrt(diag(s$var))), model_se = unname(sqrt(diag(f$invinf))),
       looped_se = sqrt(diag(f$invinf %*% crossprod(e) %*% f$invinf)),
       practice_se = sqrt(diag(crossprod(practices))), loglik = c(f$loglik.null, f$loglik),
       time = f$uftime, step = f$bfitj)
}
z <- cbind(d$arm, d$x)
gray <- list(cause_1 = competing(d$T, d$E, z, d$practice, 1),
             cause_2 = competing(d$T, d$E, z, d$practice, 2),
             weeks = competing(d$week + 1, d$E, z, d$practice, 2))
# finegray counts an event before a censoring of the same day; crr does not.
g <- finegray(Surv(T, factor(E)) ~ ., d, etype = "2", id = id)
h <- coxph(Surv(fgstart, fgstop, fgstatus) ~ arm + x, g, weights = fgwt, ties = "breslow",
           robust = FALSE, control = control)
gray$finegray <- list(coef = unname(coef(h)), model_se = unname(sqrt(diag(h$var))))
cat(toJSON(list(r_version = R.version.string,
                survival = as.character(packageVersion("survival")),
                cmprsk = as.character(packageVersion("cmprsk")),
                zph = zph, base = base, fine_gray = gray),
           digits = NA, auto_unbox = TRUE, pretty = FALSE), "\n")
