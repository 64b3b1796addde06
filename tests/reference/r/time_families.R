# Parametric curves by survival::survreg on the 300 rows that plain arithmetic makes.
# Run from this folder: Rscript time_families.R > ../time_families.json
suppressMessages({library(survival); library(jsonlite)})
i <- 0:299
d <- data.frame(T = 1 + (37 * i) %% 97, E = (i^2 + i %/% 7) %% 3, x = ((53 * i) %% 101) / 101)
d$arm <- as.numeric(i %% 15 < 7)
fit <- function(family) {
  f <- survreg(Surv(T, E > 0) ~ arm + x, d, dist = family,
               control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
  at <- data.frame(arm = 1, x = .5)
  days <- c(20, 97, 200)
  z <- (log(days) - predict(f, at, type = "lp")) / f$scale
  kept <- switch(family, weibull = exp(-exp(z)), lognormal = pnorm(-z), loglogistic = plogis(-z))
  list(coef = unname(coef(f)), log_scale = log(f$scale), se = unname(sqrt(diag(f$var))),
       loglik = f$loglik[2], days = days, engaged = kept)
}
told <- list(
  r_version = R.version.string,
  packages = list(survival = as.character(packageVersion("survival"))),
  weibull = fit("weibull"), lognormal = fit("lognormal"), loglogistic = fit("loglogistic")
)
cat(toJSON(told, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
