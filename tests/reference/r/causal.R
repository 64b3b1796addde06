# Doubly robust differences in differences (the formula of Sant'Anna & Zhao 2020 written out), two-stage
# least squares by person and by practice, Anderson and Rubin's limits, and interactions.
# Debian: r-cran-aer, r-cran-clubsandwich, r-cran-jsonlite.  Run:  Rscript causal.R ../causal.json
suppressMessages({library(AER); library(clubSandwich); library(jsonlite)})

did <- function(d, f) {
  X <- model.matrix(f, d); n <- nrow(d); D <- d$arm; dy <- d$y1 - d$y0
  ps <- glm(D ~ X - 1, family = binomial(), control = list(epsilon = 1e-14, maxit = 50))
  e <- fitted(ps)
  ols <- coef(lm(dy ~ X - 1, subset = D == 0))
  r <- dy - as.vector(X %*% ols)
  w1 <- D; w0 <- e * (1 - D) / (1 - e)
  eta1 <- mean(w1 * r) / mean(w1); eta0 <- mean(w0 * r) / mean(w0)
  bread <- solve(crossprod((1 - D) * X, X) / n)
  lin.ols <- ((1 - D) * r * X) %*% bread
  lin.ps <- ((D - e) * X) %*% (vcov(ps) * n)
  inf1 <- (w1 * (r - eta1) - lin.ols %*% colMeans(w1 * X)) / mean(w1)
  inf0 <- (w0 * (r - eta0) + lin.ps %*% colMeans(w0 * (r - eta0) * X) - lin.ols %*% colMeans(w0 * X)) / mean(w0)
  list(att = eta1 - eta0, inf = as.vector(inf1 - inf0), ess = sum(w0)^2 / sum(w0^2))
}
rows <- function(fit, cluster, type) {
  t <- as.data.frame(coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = type), test = "Satterthwaite"))
  list(coef = t$beta, se = t$SE, df = t$df_Satt)
}
jack <- function(d, whole, f) {
  k <- unique(d$practice); G <- length(k)
  each <- do.call(rbind, lapply(k, function(g) f(d[d$practice != g, ])))
  sqrt((G - 1) / G * colSums(sweep(each, 2, whole)^2))
}
limit <- function(d, from, to) {  # where the two-sided p of the allocation is 0.05
  p <- function(b) {
    d$left <- d$y1 - b * d$received
    m <- lm(left ~ arm + y0 + x + sex, d)
    t <- as.data.frame(coef_test(m, vcov = vcovCR(m, cluster = d$practice, type = "CR2"), test = "Satterthwaite"))
    t$p_Satt[2] - 0.05
  }
  uniroot(p, c(from, to), tol = 1e-12)$root
}
case <- function(id, size, seed, always = 0) {
  set.seed(seed)
  G <- length(size); practice <- rep(seq_len(G), size); n <- length(practice)
  arm <- as.integer(practice <= G %/% 2)
  x <- round(rnorm(n) + 0.3 * arm, 3); sex <- rbinom(n, 1, 0.55)
  group <- sample(c("a", "b", "c"), n, TRUE, c(0.5, 0.3, 0.2))
  ill <- rnorm(n)
  y0 <- round(20 + x - 1.2 * arm + 1.5 * ill + rnorm(n) + 0.6 * rnorm(G)[practice], 3)
  received <- as.integer(ifelse(arm == 1, runif(n) < plogis(0.4 + 0.5 * ill), runif(n) < always))
  y1 <- round(8 + 0.55 * y0 + 0.5 * x - 0.4 * sex + 0.8 * ill + 1.1 * received + 0.5 * arm * (group == "c") +
    0.7 * rnorm(G)[practice] + 1.5 * rnorm(n), 3)
  d <- data.frame(practice, arm, x, sex, group, y0, received, y1)
  f <- ~ x + sex + I(x^2)
  one <- did(d, f); G <- length(size)
  sums <- tapply(one$inf, d$practice, sum)
  iv <- ivreg(y1 ~ received + y0 + x + sex | arm + y0 + x + sex, data = d)
  ivc <- unname(coef(iv))
  inter <- lm(y1 ~ arm + group + arm:group + y0 + x, d)
  line <- lm(y1 ~ arm + x + arm:x + y0, d)
  v <- vcovCR(inter, cluster = d$practice, type = "CR2")
  wald <- Wald_test(inter, constraints = constrain_zero(c("arm:groupb", "arm:groupc"), coefs = coef(inter)), vcov = v, test = "HTZ")
  first <- lm(received ~ arm + y0 + x + sex, d)
  ar <- c(limit(d, ivc[2] - 6, ivc[2]), limit(d, ivc[2], ivc[2] + 6))
  list(id = id, data = as.list(d),
    did = list(att = one$att, se_people = sqrt(sum(one$inf^2)) / n,
      se_practice = sqrt(sum(sums^2) * G / (G - 1)) / n, influence = one$inf[1:5], ess = one$ess,
      se_jackknife = jack(d, one$att, function(p) did(p, f)$att)),
    unadjusted = rows(lm(I(y1 - y0) ~ arm, d), d$practice, "CR2"),
    ancova = rows(lm(y1 ~ arm + y0 + x + sex + I(x^2), d), d$practice, "CR2"),
    iv = list(coef = ivc, classic = unname(sqrt(diag(vcov(iv)))), CR0 = rows(iv, d$practice, "CR0"),
      CR1 = rows(iv, d$practice, "CR1"), CR2 = rows(iv, d$practice, "CR2"), CR3 = rows(iv, d$practice, "CR3"),
      jackknife = unname(jack(d, ivc, function(p) coef(update(iv, data = p))))),
    first = rows(first, d$practice, "CR2"), anderson_rubin = ar,
    interactions = c(list(names = names(coef(inter))), rows(inter, d$practice, "CR2"),
      list(wald = c(wald$Fstat, wald$df_num, wald$df_denom))),
    line = c(list(names = names(coef(line))), rows(line, d$practice, "CR2"), list(classic = unname(sqrt(diag(vcov(line)))))))
}
out <- list(program = "causal.R", r_version = R.version.string,
  packages = list(AER = as.character(packageVersion("AER")), clubSandwich = as.character(packageVersion("clubSandwich"))),
  cases = list(case("fifteen practices", c(18, 25, 31, 22, 40, 16, 35, 28, 21, 45, 30, 19, 26, 33, 24), 101),
    case("eight practices", c(30, 22, 41, 18, 27, 35, 20, 33), 202, always = 0.1)))
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, pretty = FALSE)
