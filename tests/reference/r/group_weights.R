# Weights that make groups of practices alike, balance, and differences adjusted by them: glm, lm, optim.
# Debian: r-cran-clubsandwich, r-cran-geepack, r-cran-jsonlite.  Run:  Rscript group_weights.R ../group_weights.json
suppressMessages({library(clubSandwich); library(geepack); library(jsonlite)})
set.seed(1618)
draw <- function(size, treated, lift) {
  g <- rep(seq_along(size), size); n <- length(g); t <- as.integer(g %in% treated)
  u <- rnorm(length(size), 0, .3)[g]
  d <- data.frame(practice = g, arm = t, age = round(60 + 8 * u + 4 * lift * t + 12 * rnorm(n)),
    sex = rbinom(n, 1, plogis(.2 - .4 * lift * t)), base = round(22 + 3 * u - lift * t + 4 * rnorm(n), 1),
    band = sample(c("a", "b", "c"), n, TRUE, c(.5, .3, .2)))
  d$y <- round(10 + .5 * d$base + .03 * d$age + 1.2 * t + .8 * (d$band == "c") + .02 * t * (d$age - 60) +
    rnorm(length(size))[g] + 3 * rnorm(n), 2)
  d
}
f <- ~ age + sex + base + band
wv <- function(x, w) { m <- sum(w * x) / sum(w); sum(w * (x - m)^2) / (sum(w) - sum(w^2) / sum(w)) }
smd <- function(x, t, w) { m <- function(k) weighted.mean(x[t == k], w[t == k]); v <- function(k) var(x[t == k])
  (m(1) - m(0)) / sqrt((v(1) + v(0)) / 2) }
chance_of <- function(d) fitted(glm(update(f, arm ~ .), binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100)))
weights_of <- function(d, target) { e <- chance_of(d); t <- d$arm
  switch(target, treated = ifelse(t == 1, 1, e / (1 - e)), overlap = ifelse(t == 1, 1 - e, e),
         everybody = ifelse(t == 1, 1 / e, 1 / (1 - e))) }
entropy_of <- function(d, target) { X <- model.matrix(f, d)[, -1]; t <- d$arm == 1; w <- rep(1, nrow(d))
  whole <- if (target == "treated") t else rep(TRUE, nrow(d)); goal <- colMeans(X[whole, ]); s <- apply(X, 2, sd)
  for (k in if (target == "treated") 0 else 0:1) { own <- d$arm == k; Z <- sweep(sweep(X[own, ], 2, goal), 2, s, "/")
    top <- optim(rep(0, ncol(Z)), function(b) log(sum(exp(Z %*% b))),
      function(b) { p <- exp(Z %*% b); drop(crossprod(Z, p / sum(p))) }, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))
    p <- exp(Z %*% top$par); w[own] <- sum(whole) * p / sum(p) }
  w }
diff_of <- function(d, w) weighted.mean(d$y[d$arm == 1], w[d$arm == 1]) - weighted.mean(d$y[d$arm == 0], w[d$arm == 0])
model_of <- function(d, cross) lm(if (cross) y ~ arm * (age + sex + base + band) else y ~ arm + age + sex + base + band, d)
gains <- function(d, cross) { m <- model_of(d, cross); list(m1 = predict(m, transform(d, arm = 1)), m0 = predict(m, transform(d, arm = 0))) }
standardised <- function(d, target, cross) { p <- gains(d, cross); e <- chance_of(d)
  weighted.mean(p$m1 - p$m0, switch(target, treated = d$arm, everybody = rep(1, nrow(d)), overlap = e * (1 - e))) }
robust <- function(d, target, cross, influence = FALSE) { p <- gains(d, cross); e <- chance_of(d); t <- d$arm
  h <- switch(target, treated = t, everybody = rep(1, nrow(d)), overlap = e * (1 - e)); w <- weights_of(d, target)
  each <- h * (p$m1 - p$m0) + ifelse(t == 1, w * (d$y - p$m1), -w * (d$y - p$m0)); est <- sum(each) / sum(h)
  if (influence) (each - h * est) / sum(h) else est }
jack <- function(d, fun) { whole <- fun(d); g <- unique(d$practice); out <- sapply(g, function(k) fun(d[d$practice != k, ]))
  c(whole, sqrt((length(g) - 1) / length(g) * sum((out - whole)^2)), length(g) - 2) }
cr2 <- function(m, d) { x <- as.data.frame(coef_test(m, vcov = vcovCR(m, cluster = d$practice, type = "CR2"), test = "Satterthwaite"))["arm", ]
  c(x$beta, x$SE, x$df_Satt) }
icc <- function(x, d) { a <- anova(lm(x ~ factor(arm) + factor(practice), d)); n <- table(d$practice); t <- tapply(d$arm, d$practice, max)
  m0 <- (nrow(d) - sum(tapply(as.vector(n)^2, t, sum) / tapply(as.vector(n), t, sum))) / a$Df[2]
  max(0, (a$`Mean Sq`[2] - a$`Mean Sq`[3]) / (a$`Mean Sq`[2] + (m0 - 1) * a$`Mean Sq`[3])) }
case <- function(id, size, treated, lift) {
  d <- draw(size, treated, lift); X <- model.matrix(f, d)[, -1]; t <- d$arm; n <- table(d$practice); one <- rep(1, nrow(d))
  rho <- apply(X, 2, icc, d); deff <- function(k) { s <- as.vector(n[as.integer(names(n)) %in% treated == (k == 1)]); (1 + (sum(s^2) / sum(s) - 1) * rho) / sum(s) }
  means <- apply(X, 2, function(x) tapply(x, d$practice, mean)); mt <- as.integer(rownames(means)) %in% treated
  g <- glm(update(f, arm ~ .), binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))
  per <- lapply(c(treated = "treated", overlap = "overlap", everybody = "everybody"), function(target) {
    w <- weights_of(d, target); gee <- geeglm(y ~ arm, data = transform(d, w = w, id = seq_len(nrow(d))), weights = w, id = id)
    i <- tapply(robust(d, target, TRUE, TRUE), d$practice, sum)
    out <- list(weights = w, ess = c(sum(w[t == 0])^2 / sum(w[t == 0]^2), sum(w[t == 1])^2 / sum(w[t == 1]^2)),
      smd = apply(X, 2, smd, t, w), ratio = apply(X, 2, function(x) wv(x[t == 1], w[t == 1]) / wv(x[t == 0], w[t == 0])),
      robust_people = unname(unlist(coef(summary(gee))["arm", 1:2])), cr2 = cr2(lm(y ~ arm, d, weights = w), d),
      jackknife = jack(d, function(k) diff_of(k, weights_of(k, target))),
      standardised = jack(d, function(k) standardised(k, target, TRUE)), standardised_plain = jack(d, function(k) standardised(k, target, FALSE)),
      doubly_robust = jack(d, function(k) robust(k, target, TRUE)), doubly_robust_summed = sqrt(length(i) / (length(i) - 1) * sum(i^2)))
    if (target != "overlap") out$entropy <- entropy_of(d, target)
    out })
  list(id = id, data = as.list(d), terms = colnames(X), logit = unname(coef(g)), logit_se = unname(sqrt(diag(vcov(g)))), chance = unname(fitted(g)),
    smd_before = unname(apply(X, 2, smd, t, one)), rho = unname(rho), chance_se = unname(sqrt(deff(1) + deff(0))),
    practice_smd = unname(apply(means, 2, function(x) (mean(x[mt]) - mean(x[!mt])) / sqrt((var(x[mt]) + var(x[!mt])) / 2))),
    unadjusted = cr2(lm(y ~ arm, d), d), regression = cr2(model_of(d, FALSE), d), targets = per)
}
cases <- list(case("seven and eight practices", c(25, 41, 18, 33, 52, 27, 30, 36, 22, 45, 19, 28, 60, 31, 24), 1:7, .5),
              case("ten uneven practices", c(90, 25, 14, 40, 33, 21, 64, 18, 29, 37), c(1, 3, 5, 8), 1),
              case("five and six practices", c(22, 30, 17, 41, 26, 35, 19, 28, 24, 31, 20), 2 * 1:5, .2))
out <- list(program = "group_weights.R", r_version = R.version.string,
  packages = list(clubSandwich = as.character(packageVersion("clubSandwich")), geepack = as.character(packageVersion("geepack"))), cases = cases)
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, pretty = FALSE, null = "null")
