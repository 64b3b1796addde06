# Twenty-one further mixed models by lme4, lmerTest, pbkrtest, nlme and clubSandwich, on drawn data, for
# tests/reference/test_mixed_designs.py. Run in this folder: Rscript mixed_designs.R
# It writes ../mixed_designs.csv (the data) and ../mixed_designs.json (the results).
#
# No package gives Kenward and Roger's inference for nlme. `dense` below does, from whole n x n
# matrices: it ends the search by Fisher scoring, so that the optimum is one to the last digits, and
# works out the linear form with the expected information, and Satterthwaite's df with the observed.
# It stops unless it finds what pbkrtest and lmerTest find, on each design of people that they can do.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(nlme)
  library(clubSandwich); library(jsonlite)})

## ---- data --------------------------------------------------------------------------------------
# One person's covariance `sigma`; effects of practices and of practices by wave; arms by practice or,
# where `arm` is NULL, by person; gaps of any shape (also in the first wave, where `late`).
draw <- function(seed, sizes, arm, sigma, sd_practice = 0, sd_wave = 0, gaps = 0, times = NULL,
                 late = FALSE, pulled = 0, effect = 0.3) {
  set.seed(seed)
  waves <- nrow(sigma); root <- t(chol(sigma)); rows <- NULL; person <- 0
  if (is.null(times)) times <- seq_len(waves) - 1
  for (k in seq_along(sizes)) {
    u <- rnorm(1, 0, sd_practice) + rnorm(waves, 0, sd_wave)
    z <- rbinom(1, 1, 0.5)
    e <- root %*% matrix(rnorm(waves * sizes[k]), waves)
    e <- e - pulled * rowMeans(e)                  # practices more alike than chance would have them
    for (i in seq_len(sizes[k])) {
      person <- person + 1
      a <- if (is.null(arm)) rbinom(1, 1, 0.4) else arm[k]
      x <- round(rnorm(1), 2)
      seen <- runif(waves) > gaps
      if (!late) seen[1] <- TRUE
      if (!any(seen)) seen[waves] <- TRUE
      y <- 10 + 0.2 * times + 0.4 * x + effect * a * (seq_len(waves) > 1) + u + e[, i]
      rows <- rbind(rows, data.frame(practice = k, person = person, wave = which(seen) - 1,
        time = times[seen], arm = a, x = x, z = z, y = round(y[seen], 3)))
    }
  }
  rows
}
het <- function(sd, r) outer(sd, sd) * r
cs <- function(waves, rho, v = 1) v * (diag(1 - rho, waves) + rho)
lags <- function(waves) abs(outer(seq_len(waves), seq_len(waves), "-"))
line <- function(times, v) cbind(1, times) %*% v %*% t(cbind(1, times)) + diag(length(times))

## ---- the dense model ---------------------------------------------------------------------------
pairs_of <- function(waves) which(upper.tri(diag(waves), diag = TRUE), arr.ind = TRUE)
put <- function(waves, at, values) {
  m <- matrix(values[1] * 0, waves, waves)
  m[at] <- values; m[at[, 2:1, drop = FALSE]] <- values
  m
}
sd_of <- function(v) outer(sqrt(v), sqrt(v))
forms <- list(
  unstructured = function(th, T, t) put(T, pairs_of(T), th),
  compound_symmetry = function(th, T, t) diag(T) * th[1] + th[2],
  compound_symmetry_het = function(th, T, t) sd_of(th[1:T]) * (diag(T) * (1 - th[T + 1]) + th[T + 1]),
  ar1 = function(th, T, t) th[1] * th[2]^lags(T),
  ar1_het = function(th, T, t) sd_of(th[1:T]) * th[T + 1]^lags(T),
  toeplitz = function(th, T, t) matrix(th[lags(T) + 1], T),
  toeplitz_het = function(th, T, t) sd_of(th[1:T]) * matrix(c(1, th[-(1:T)])[lags(T) + 1], T),
  intercept_slope = function(th, T, t) diag(T) * th[1] + th[2] + th[3] * outer(t, t, "+") + th[4] * outer(t, t))
shared <- list(
  none = function(th, T) matrix(0, T, T),
  intercept = function(th, T) matrix(th[1], T, T),
  wave = function(th, T) matrix(th[1], T, T) + diag(T) * th[2])
many <- c(none = 0, intercept = 1, wave = 2)

dense <- function(formula, data, structure, effect, theta, polish = TRUE, reml = TRUE) {
  # A variance of practices that nlme leaves at next to nothing is zero, and stays there.
  own <- length(theta) - many[[effect]]
  held <- seq_along(theta) > own & theta < 1e-6
  if (polish) theta[held] <- 0
  X <- model.matrix(formula, data); y <- data$y; n <- length(y); p <- ncol(X)
  T <- max(data$wave) + 1; t <- sort(unique(data$time)); w <- data$wave + 1
  people <- outer(data$person, data$person, "=="); practices <- outer(data$practice, data$practice, "==")
  R <- length(theta)
  whole <- function(th) forms[[structure]](th, T, t)[w, w] * people +
    (if (own < R) shared[[effect]](th[(own + 1):R], T)[w, w] * practices else 0)
  slope <- function(th, r) Im(whole(th + 1e-30i * (seq_len(R) == r))) / 1e-30
  state <- function(th) {
    V <- whole(th)
    root <- tryCatch(chol(V), error = function(e) NULL)
    if (is.null(root)) return(list(deviance = Inf))
    Vi <- chol2inv(root); ViX <- Vi %*% X; xx <- crossprod(X, ViX)
    Phi <- solve(xx); beta <- Phi %*% crossprod(ViX, y)
    left <- y - X %*% beta; Py <- Vi %*% left
    deviance <- 2 * sum(log(diag(root))) + sum(left * Py) + (n - p * reml) * log(2 * pi) +
      reml * as.numeric(determinant(xx)$modulus)
    list(deviance = deviance, Vi = Vi, ViX = ViX, Phi = Phi, beta = drop(beta), Py = Py)
  }
  score_of <- function(s, th) {
    D <- lapply(seq_len(R), function(r) slope(th, r))
    P <- s$Vi - reml * s$ViX %*% s$Phi %*% t(s$ViX)
    PD <- lapply(D, function(d) P %*% d)
    score <- sapply(seq_len(R), function(r) (sum(s$Py * (D[[r]] %*% s$Py)) - sum(diag(PD[[r]]))) / 2)
    info <- outer(seq_len(R), seq_len(R), Vectorize(function(a, b) sum(PD[[a]] * t(PD[[b]])) / 2))
    list(D = D, P = P, score = score, info = info)
  }
  s <- state(theta); d <- score_of(s, theta); began <- s$deviance
  for (i in seq_len(60 * polish)) {
    step <- numeric(R); step[!held] <- solve(d$info[!held, !held], d$score[!held]); length <- 1
    if (sum(step * d$score) < 1e-18) break
    repeat {
      new <- state(theta + length * step)
      if (new$deviance <= s$deviance + 1e-11 * abs(s$deviance) || length < 1e-9) break
      length <- length / 2
    }
    if (length < 1e-9) break
    theta <- theta + length * step; s <- new; d <- score_of(s, theta)
  }
  if (polish && any(d$score[held] > 0)) stop("a variance is held at zero that would rise")
  PV <- lapply(seq_len(R), function(r) -t(s$ViX) %*% d$D[[r]] %*% s$ViX)
  Q <- function(a, b) t(s$ViX) %*% d$D[[a]] %*% s$Vi %*% d$D[[b]] %*% s$ViX
  W <- solve(d$info); U <- matrix(0, p, p)
  for (a in seq_len(R)) for (b in seq_len(R)) U <- U + W[a, b] * (Q(a, b) - PV[[a]] %*% s$Phi %*% PV[[b]])
  adjusted <- s$Phi + 2 * s$Phi %*% U %*% s$Phi
  # Observed: the bends of V by central differences of exact first derivatives.
  bend <- function(a, b) { h <- 1e-4 * max(abs(theta[b]), 1e-2); e <- h * (seq_len(R) == b)
    (slope(theta + e, a) - slope(theta - e, a)) / (2 * h) }
  observed <- matrix(0, R, R)
  for (a in seq_len(R)) for (b in a:R) {
    B <- bend(a, b)
    observed[a, b] <- observed[b, a] <- sum((d$D[[a]] %*% s$Py) * (d$P %*% (d$D[[b]] %*% s$Py))) - d$info[a, b] +
      (sum(d$P * B) - sum(s$Py * (B %*% s$Py))) / 2
  }
  list(names = colnames(X), theta = theta, deviance = s$deviance, began = began, beta = s$beta, Phi = s$Phi,
    adjusted = adjusted, P = PV, W = W, observed = observed, gain = sum(solve(d$info, d$score) * d$score))
}
kr_of <- function(m, L) {
  L <- rbind(L); q <- nrow(L)
  Theta <- t(L) %*% solve(L %*% m$Phi %*% t(L)) %*% L
  B <- lapply(m$P, function(P) Theta %*% m$Phi %*% P %*% m$Phi)
  A1 <- A2 <- 0
  for (a in seq_along(B)) for (b in seq_along(B)) {
    A1 <- A1 + m$W[a, b] * sum(diag(B[[a]])) * sum(diag(B[[b]])); A2 <- A2 + m$W[a, b] * sum(B[[a]] * t(B[[b]]))
  }
  b <- (A1 + 6 * A2) / (2 * q); g <- ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
  below <- 3 * q + 2 * (1 - g); c1 <- g / below; c2 <- (q - g) / below; c3 <- (q + 2 - g) / below
  E <- 1 / (1 - A2 / q); V <- (2 / q) * (1 + c1 * b) / ((1 - c2 * b)^2 * (1 - c3 * b))
  rho <- V / (2 * E^2); df <- 4 + (q + 2) / (q * rho - 1)
  if (q == 1) { df <- 2 / A2; scale <- 1 } else scale <- df / (E * (df - 2))
  est <- L %*% m$beta
  list(f = scale * drop(t(est) %*% solve(L %*% m$adjusted %*% t(L), est)) / q, df = df, scale = scale)
}
satterthwaite_of <- function(m, l) {
  d <- sapply(m$P, function(P) -drop(l %*% m$Phi %*% P %*% m$Phi %*% l))
  2 * drop(l %*% m$Phi %*% l)^2 / drop(d %*% solve(m$observed, d))
}
inference_of <- function(m) {
  rows <- lapply(seq_along(m$beta), function(i) as.numeric(seq_along(m$beta) == i))
  list(
    kenward_roger = list(estimate = m$beta, std_error = sqrt(diag(m$adjusted)), df = sapply(rows, function(l) kr_of(m, l)$df)),
    satterthwaite = list(std_error = sqrt(diag(m$Phi)), df = sapply(rows, function(l) satterthwaite_of(m, l))))
}

## ---- lme4, lmerTest, pbkrtest ------------------------------------------------------------------
tight <- function(o) lmerControl(optimizer = o, check.conv.singular = "ignore", calc.derivs = FALSE,
  optCtrl = if (o == "bobyqa") list(rhoend = 1e-10, maxfun = 1e5) else
    list(xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-14, ftol_rel = 1e-14, maxeval = 1e5))
best_lmer <- function(formula, data, reml) {
  fits <- lapply(c("bobyqa", "nloptwrap"), function(o) suppressWarnings(suppressMessages(
    lmerTest::lmer(formula, data, REML = reml, control = tight(o)))))
  fits <- c(fits, lapply(fits, function(fit) suppressWarnings(suppressMessages(lmerTest::lmer(formula, data,
    REML = reml, start = pmax(getME(fit, "theta"), 1e-3), control = tight("bobyqa"))))))
  fits[[which.min(sapply(fits, function(fit) -2 * as.numeric(logLik(fit))))]]
}
table_of <- function(fit, ddf) {
  found <- as.data.frame(coef(summary(fit, ddf = ddf)))
  list(estimate = found[["Estimate"]], std_error = found[["Std. Error"]], df = found[["df"]])
}
random_of <- c("compound_symmetry intercept" = "(1 | practice) + (1 | person)",
  "compound_symmetry wave" = "(1 | practice) + (1 | practice:wave) + (1 | person)",
  "compound_symmetry none" = "(1 | person)", "one intercept" = "(1 | practice)",
  "intercept_slope none" = "(1 + time | person)", "intercept_slope intercept" = "(1 | practice) + (1 + time | person)")
theta_of <- function(fit, structure, effect) {
  v <- as.data.frame(VarCorr(fit))
  of <- function(group, one = "(Intercept)", two = NA) {
    hit <- v$vcov[v$grp == group & v$var1 %in% one & (v$var2 %in% two)]; hit[1] }
  own <- switch(structure, compound_symmetry = if ("person" %in% v$grp) c(v$vcov[v$grp == "Residual"], of("person")) else
      c(v$vcov[v$grp == "Residual"], 0), intercept_slope = c(v$vcov[v$grp == "Residual"], of("person"),
      of("person", "(Intercept)", "time"), of("person", "time")))
  c(own, switch(effect, none = NULL, intercept = of("practice"), wave = c(of("practice"), of("practice:wave"))))
}

## ---- nlme --------------------------------------------------------------------------------------
correlation_of <- list(unstructured = function(T, g) corSymm(form = g), ar1 = function(T, g) corAR1(form = g),
  ar1_het = function(T, g) corAR1(form = g), compound_symmetry_het = function(T, g) corCompSymm(form = g),
  compound_symmetry = function(T, g) corCompSymm(form = g), toeplitz = function(T, g) corARMA(form = g, p = T - 1),
  toeplitz_het = function(T, g) corARMA(form = g, p = T - 1))
best_nlme <- function(formula, data, structure, effect, method) {
  data$at <- data$wave + 1; data$w <- factor(data$wave); T <- max(data$at)
  data$practice <- factor(data$practice); data$person <- factor(data$person)
  group <- if (effect == "none") ~ at | person else ~ at | practice / person
  weights <- if (structure == "unstructured" || grepl("_het", structure)) varIdent(form = ~ 1 | w)
  random <- switch(effect, none = NULL, intercept = list(practice = ~ 1),
    wave = list(practice = pdBlocked(list(pdIdent(~ 1), pdIdent(~ w - 1)))))
  rows_in_hand <<- data  # clubSandwich looks for the data by its name
  arguments <- list(formula, data = quote(rows_in_hand), correlation = correlation_of[[structure]](T, group), weights = weights, method = method)
  fits <- list()
  for (opt in c("nlminb", "optim")) {
    control <- list(opt = opt, maxIter = 500, msMaxIter = 1000, msMaxEval = 5000, tolerance = 1e-10, msTol = 1e-12, returnObject = TRUE)
    fits <- c(fits, list(tryCatch(suppressWarnings(eval(as.call(if (effect == "none")
      c(list(quote(gls)), arguments, list(control = control)) else
      c(list(quote(lme), formula, random = random), arguments[-1], list(control = control))))), error = function(e) NULL)))
  }
  fits <- fits[!sapply(fits, is.null)]
  fits[[which.max(sapply(fits, function(fit) as.numeric(logLik(fit))))]]
}
theta_nlme <- function(fit, structure, effect, T) {
  sd <- rep(fit$sigma, T)
  if (!is.null(fit$modelStruct$varStruct)) sd <- fit$sigma * coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[as.character(seq_len(T) - 1)]
  R <- corMatrix(Initialize(fit$modelStruct$corStruct, data = NULL)); R <- R[[which.max(sapply(R, nrow))]]
  S <- outer(sd, sd) * R
  own <- switch(structure, unstructured = S[pairs_of(T)], ar1 = c(S[1], R[1, 2]), ar1_het = c(diag(S), R[1, 2]),
    compound_symmetry_het = c(diag(S), R[1, 2]), compound_symmetry = c(S[1] * (1 - R[1, 2]), S[1] * R[1, 2]),
    toeplitz = S[1, ], toeplitz_het = c(diag(S), R[1, -1]))
  if (effect == "none") return(unname(own))
  G <- as.matrix(fit$modelStruct$reStruct[[1]]) * fit$sigma^2
  unname(c(own, if (effect == "intercept") G[1, 1] else c(G[1, 1], G[2, 2])))
}

## ---- robust ------------------------------------------------------------------------------------
robust <- function(fit, data) lapply(c(CR0 = "CR0", CR2 = "CR2", CR3 = "CR3"), function(type) {
  vcov <- vcovCR(fit, cluster = factor(data$practice), type = type)
  test <- coef_test(fit, vcov = vcov, test = "Satterthwaite")
  list(std_error = test$SE, df = if ("df_Satt" %in% names(test)) test$df_Satt else test$df)
})
rows_of <- function(names) {
  hit <- grep("^arm:factor|^arm:time", names)
  if (!length(hit)) hit <- which(names %in% c("arm", "x"))
  L <- matrix(0, length(hit), length(names)); L[cbind(seq_along(hit), hit)] <- 1
  L
}

## ---- the designs -------------------------------------------------------------------------------
by_wave <- "arm * factor(wave)"
designs <- list(
  list(id = "5 practices of unequal size, three levels", by = "lme4", structure = "compound_symmetry", effect = "intercept",
    fixed = paste(by_wave, "+ x"), data = draw(101, c(4, 9, 12, 6, 17), c(1, 0, 1, 0, 0), cs(3, 0.5, 2), 0.5, gaps = 0.15)),
  list(id = "40 practices with effects by wave, ICC 0.03", by = "lme4", structure = "compound_symmetry", effect = "wave",
    fixed = paste(by_wave, "+ x + z"), data = draw(102, rep(c(2, 3, 5, 8), 10), rep(0:1, 20), cs(4, 0.6), 0.15, 0.25, gaps = 0.2)),
  list(id = "8 practices of one person of 18, three levels", by = "lme4", structure = "compound_symmetry", effect = "intercept",
    fixed = paste(by_wave, "+ x"), data = draw(103, c(rep(1, 8), 4:13), rep(0:1, 9), cs(3, 0.4), 0.5, gaps = 0.25)),
  list(id = "5 waves, gaps of any shape, ICC 0.1", by = "lme4", structure = "compound_symmetry", effect = "wave",
    fixed = by_wave, data = draw(104, c(3, 5, 8, 4, 9, 6, 7, 5, 4, 10, 6, 8), rep(0:1, 6), cs(5, 0.5), 0.35, 0.2, gaps = 0.3, late = TRUE)),
  list(id = "variances of practices and of practices by wave at zero", by = "lme4", structure = "compound_symmetry", effect = "wave",
    fixed = paste(by_wave, "+ x"), data = draw(105, c(6, 9, 5, 12, 7, 8, 10, 6, 9, 5, 8, 7), rep(0:1, 6), cs(4, 0.5), pulled = 0.8, gaps = 0.15)),
  list(id = "one wave, ICC 0.3, arms of 3 and 9 practices", by = "lme4", structure = "one", effect = "intercept",
    fixed = "arm * x", data = draw(106, c(5, 8, 3, 12, 7, 4, 9, 6, 15, 2, 10, 5), c(1, 1, 1, rep(0, 9)), matrix(1), 0.65)),
  list(id = "arms within practices, practice-level covariate", by = "lme4", structure = "compound_symmetry", effect = "intercept",
    fixed = "arm * factor(wave) + z * x", data = draw(107, c(rep(c(3, 5, 7), 6), 11, 2), NULL, cs(4, 0.45), 0.3, gaps = 0.2)),
  list(id = "arms within practices, effects by wave", by = "lme4", structure = "compound_symmetry", effect = "wave",
    fixed = paste(by_wave, "+ x"), data = draw(108, c(6, 9, 5, 14, 7, 8, 10, 6), NULL, cs(3, 0.4), 0.3, 0.3, gaps = 0.1, effect = -0.5)),
  list(id = "intercepts and slopes of people", by = "lme4", structure = "intercept_slope", effect = "none", fixed = "arm * time + x",
    data = draw(109, rep(7, 10), rep(0:1, 5), line(c(0, 1, 3, 6), matrix(c(1, 0.05, 0.05, 0.06), 2)), gaps = 0.2, times = c(0, 1, 3, 6))),
  list(id = "intercepts and slopes of people in practices", by = "lme4", structure = "intercept_slope", effect = "intercept", fixed = "arm * factor(wave)",
    data = draw(110, c(4, 9, 6, 7, 11, 5, 8, 3, 7, 10), rep(0:1, 5), line(c(0, 2, 3, 5, 8), matrix(c(1, -0.05, -0.05, 0.04), 2)), 0.5, gaps = 0.25, times = c(0, 2, 3, 5, 8))),
  list(id = "slopes of people without variance", by = "lme4", structure = "intercept_slope", effect = "none", fixed = "arm * time",
    data = draw(111, rep(6, 9), c(0, 1, 0, 1, 0, 1, 0, 1, 0), 0.9 * diag(4) + 0.05 * 0.95^lags(4) + 0.35, gaps = 0.1)),
  list(id = "practices without variance, one wave", by = "lme4", structure = "one", effect = "intercept",
    fixed = "arm + x + z", data = draw(112, c(5, 8, 3, 12, 7, 4, 9, 6, 1, 2, 10, 5), rep(0:1, 6), matrix(1), pulled = 0.7)),
  list(id = "unstructured, 4 waves, gaps", by = "nlme", structure = "unstructured", effect = "none", fixed = paste(by_wave, "+ x"),
    data = draw(113, rep(9, 8), NULL, het(c(1, 1.3, 1.2, 1.6), 0.6^lags(4)), gaps = 0.2, late = TRUE)),
  list(id = "autoregressive, one variance a wave, 5 waves", by = "nlme", structure = "ar1_het", effect = "none", fixed = by_wave,
    data = draw(114, rep(8, 8), NULL, het(c(1, 1.2, 1.4, 1.1, 1.7), 0.55^lags(5)), gaps = 0.25)),
  list(id = "compound symmetry, one variance a wave", by = "nlme", structure = "compound_symmetry_het", effect = "none", fixed = paste(by_wave, "+ x"),
    data = draw(115, rep(9, 7), NULL, het(c(1, 1.5, 0.8), cs(3, 0.5)), gaps = 0.15)),
  list(id = "Toeplitz", by = "nlme", structure = "toeplitz", effect = "none", fixed = by_wave,
    data = draw(116, rep(8, 9), NULL, matrix(c(1, 0.6, 0.45, 0.2)[lags(4) + 1], 4), gaps = 0.2)),
  list(id = "Toeplitz, one variance a wave", by = "nlme", structure = "toeplitz_het", effect = "none", fixed = "arm * factor(wave) + x",
    data = draw(117, rep(8, 9), NULL, het(c(1, 1.4, 1.2, 0.9), matrix(c(1, 0.5, 0.4, 0.3)[lags(4) + 1], 4)), gaps = 0.2)),
  list(id = "autoregressive in practices", by = "nlme", structure = "ar1", effect = "intercept", fixed = paste(by_wave, "+ x"),
    data = draw(118, c(5, 8, 6, 9, 4, 7, 10, 6, 5, 8), rep(0:1, 5), 0.6^lags(4), 0.4, gaps = 0.15)),
  list(id = "unstructured in practices", by = "nlme", structure = "unstructured", effect = "intercept", fixed = paste(by_wave, "+ x"),
    data = draw(119, c(5, 8, 6, 9, 4, 7, 10, 6, 5, 8, 3, 7), rep(0:1, 6), het(c(1, 1.3, 1.5), 0.6^lags(3)), 0.5, gaps = 0.15)),
  list(id = "unstructured in practices with effects by wave", by = "nlme", structure = "unstructured", effect = "wave", fixed = by_wave,
    data = draw(120, c(6, 8, 6, 9, 7, 7, 10, 6, 5, 8, 9, 7, 8, 6), rep(0:1, 7), het(c(1, 1.3, 1.2), 0.5^lags(3)), 0.4, 0.35, gaps = 0.1)),
  list(id = "unstructured, no variance of practices by wave", by = "nlme", structure = "unstructured", effect = "wave", fixed = paste(by_wave, "+ x"),
    data = draw(121, c(6, 9, 5, 8, 10, 7, 4, 8, 9, 6), rep(0:1, 5), het(c(1, 1.3, 1.2), 0.5^lags(3)), 0.4, pulled = 0.6, gaps = 0.1)))

same <- function(what, a, b, tolerance) {
  far <- max(abs(a - b) / pmax(abs(b), 1e-8))
  if (far > tolerance) stop(sprintf("%s: dense and package differ by %.2g", what, far))
  far
}
by_lme4 <- function(case) {
  formula <- as.formula(paste("y ~", case$fixed, "+", random_of[[paste(if (case$structure == "one") "one" else case$structure, case$effect)]]))
  fit <- best_lmer(formula, case$data, TRUE); ml <- best_lmer(formula, case$data, FALSE)
  names <- names(fixef(fit)); L <- rows_of(names)
  compared <- KRmodcomp(fit, L)
  F <- sapply(c("ndf", "ddf", "Fstat"), function(what) getKR(compared, what), simplify = FALSE)
  kr <- table_of(fit, "Kenward-Roger"); sat <- table_of(fit, "Satterthwaite"); several <- contestMD(fit, L)
  structure <- if (case$structure == "one") "compound_symmetry" else case$structure
  theta <- theta_of(fit, structure, case$effect)
  zero <- isSingular(fit, tol = 1e-6)
  check <- NULL
  if (case$structure != "one") {
    m <- dense(as.formula(paste("y ~", case$fixed)), case$data, structure, case$effect, theta, polish = FALSE)
    mine <- inference_of(m); mineF <- kr_of(m, L)
    check <- list(kr_std_error = same(case$id, mine$kenward_roger$std_error, kr$std_error, 1e-6),
      kr_df = same(case$id, mine$kenward_roger$df, kr$df, 1e-5), f = same(case$id, mineF$f, F$Fstat, 1e-5),
      f_df = same(case$id, mineF$df, F$ddf, 1e-5), satterthwaite_df = if (!zero) same(case$id, mine$satterthwaite$df, sat$df, 1e-4))
  }
  list(deviance = REMLcrit(fit), deviance_ml = -2 * as.numeric(logLik(ml)), theta = theta, singular = zero, names = names,
    kenward_roger = kr, f_rows = F[c("ndf", "ddf", "Fstat")], rows = L,
    satterthwaite = if (!zero) sat, satterthwaite_f = if (!zero) list(f = several[["F value"]], df = several[["DenDF"]]),
    ml = list(estimate = unname(fixef(ml)), std_error = unname(sqrt(diag(as.matrix(vcov(ml)))))),
    robust = tryCatch(robust(fit, case$data), error = function(e) NULL), check = check)
}
by_nlme <- function(case) {
  formula <- as.formula(paste("y ~", case$fixed)); T <- max(case$data$wave) + 1
  fit <- best_nlme(formula, case$data, case$structure, case$effect, "REML")
  ml <- best_nlme(formula, case$data, case$structure, case$effect, "ML")
  m <- dense(formula, case$data, case$structure, case$effect, theta_nlme(fit, case$structure, case$effect, T))
  ml_dense <- dense(formula, case$data, case$structure, case$effect, theta_nlme(ml, case$structure, case$effect, T), reml = FALSE)
  nlme_deviance <- -2 * as.numeric(logLik(fit))
  if (abs(m$began - nlme_deviance) > 1e-6) stop(case$id, ": dense and nlme see two deviances")
  L <- rows_of(m$names); F <- kr_of(m, L); mine <- inference_of(m)
  estimates <- if (case$effect == "none") coef(fit) else fixef(fit)
  c(list(deviance_nlme = nlme_deviance, deviance = m$deviance, deviance_ml_nlme = -2 * as.numeric(logLik(ml)), deviance_ml = ml_dense$deviance,
    theta = m$theta, singular = any(m$theta == 0), names = m$names, nlme = list(estimate = unname(estimates), std_error = unname(sqrt(diag(vcov(fit)))))),
    mine, list(f_rows = list(ndf = nrow(L), ddf = F$df, Fstat = F$f), rows = L,
    ml = list(estimate = ml_dense$beta, std_error = sqrt(diag(ml_dense$Phi))),
    robust = tryCatch(robust(fit, case$data), error = function(e) NULL)))
}
out <- lapply(designs, function(case) {
  began <- proc.time()[["elapsed"]]
  found <- if (case$by == "lme4") by_lme4(case) else by_nlme(case)
  message(sprintf("%-60s %4d rows %5.1f s  %s %s", case$id, nrow(case$data), proc.time()[["elapsed"]] - began,
    if (found$singular) "singular" else "", if (is.null(found$robust)) "no robust" else ""))
  c(case[c("id", "by", "structure", "effect", "fixed")], found)
})
data <- do.call(rbind, lapply(seq_along(designs), function(i) cbind(design = i, designs[[i]]$data)))
write.csv(data, "../mixed_designs.csv", row.names = FALSE, quote = FALSE)
versions <- sapply(c("lme4", "lmerTest", "pbkrtest", "nlme", "clubSandwich"), function(p) as.character(packageVersion(p)))
write(toJSON(list(r = R.version.string, versions = as.list(versions), cases = out), digits = 12, auto_unbox = TRUE, null = "null", pretty = FALSE), "../mixed_designs.json")
