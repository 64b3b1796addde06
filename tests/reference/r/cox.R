# Proportional hazards by survival::coxph on the design of 300 rows that plain arithmetic makes.
# Run from this folder: Rscript cox.R > ../cox.json
suppressMessages({library(survival); library(jsonlite)})
i <- 0:299
d <- data.frame(id = i, T = 1 + (37 * i) %% 97, E = (i^2 + i %/% 7) %% 3, practice = i %% 15,
                x = ((53 * i) %% 101) / 101, w = .5 + ((11 * i) %% 7) / 7)
d$arm <- as.numeric(d$practice < 7)
d$dead <- as.numeric(d$E == 2)
d$band <- i %% 4
# Delayed entry: one row in two starts at a third of its time.
d$enter <- ifelse(i %% 2 == 0, floor(d$T / 3), 0)
s <- survSplit(Surv(T, dead) ~ ., d, cut = 30, start = "start", end = "stop")
s$z <- s$x * (s$start >= 30)
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
told <- function(formula, data, weights = rep(1, nrow(data)), ties = "efron") {
  environment(formula) <- environment()  # where residuals() looks for the data again
  data$.w <- weights
  f <- coxph(formula, data, weights = .w, ties = ties, robust = FALSE, control = control)
  u <- residuals(f, type = "dfbeta", weighted = TRUE, collapse = data$practice)
  list(coef = unname(coef(f)), information = unname(solve(f$var)), se = unname(sqrt(diag(f$var))),
       practice_se = unname(sqrt(diag(crossprod(u)))), loglik = f$loglik)
}
# Fitted again without each practice; about the coefficients of all rows.
left_out <- function(formula, data, weights = rep(1, nrow(data))) {
  whole <- told(formula, data, weights)$coef
  practices <- sort(unique(data$practice))
  without <- t(sapply(practices, function(g) {
    others <- data$practice != g
    told(formula, data[others, ], weights[others])$coef
  }))
  apart <- sweep(without, 2, whole)
  covariance <- (length(practices) - 1) / length(practices) * crossprod(apart)
  list(left_out = unname(without), covariance = unname(covariance))
}
out <- list(
  r_version = R.version.string, survival = as.character(packageVersion("survival")),
  efron = told(Surv(T, dead) ~ arm + x, d),
  breslow = told(Surv(T, dead) ~ arm + x, d, ties = "breslow"),
  weighted = told(Surv(T, dead) ~ arm + x, d, weights = d$w),
  weighted_breslow = told(Surv(T, dead) ~ arm + x, d, weights = d$w, ties = "breslow"),
  split = told(Surv(start, stop, dead) ~ arm + x + z, s),
  strata = told(Surv(T, dead) ~ arm + x + strata(band), d, weights = d$w),
  delayed = told(Surv(enter, T, dead) ~ arm + x, d, weights = d$w),
  jackknife = list(
    efron = left_out(Surv(T, dead) ~ arm + x, d),
    delayed = left_out(Surv(enter, T, dead) ~ arm + x, d, weights = d$w),
    strata = left_out(Surv(T, dead) ~ arm + x + strata(band), d, weights = d$w)
  )
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
