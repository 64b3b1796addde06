# CR2 covariance and Satterthwaite df of clubSandwich, for means and for a small regression.
# Debian: r-cran-clubsandwich, r-cran-jsonlite.  Run:  Rscript cluster_robust.R ../cluster_robust.json
suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(7108)
case <- function(id, size, icc, x = FALSE) {
  g <- rep(seq_along(size), size)
  n <- length(g)
  y <- round(10 + sqrt(icc) * 4 * rnorm(length(size))[g] + sqrt(1 - icc) * 4 * rnorm(n), 3)
  d <- data.frame(y = y, g = g)
  if (x) {
    d$arm <- as.integer(g %% 2 == 0)          # constant within a cluster
    d$base <- round(rnorm(n), 3)
  }
  fit <- if (x) lm(y ~ arm + base, d) else lm(y ~ 1, d)
  v <- vcovCR(fit, cluster = d$g, type = "CR2")
  tt <- as.data.frame(coef_test(fit, vcov = v, test = "Satterthwaite"))
  ci <- as.data.frame(conf_int(fit, vcov = v, test = "Satterthwaite"))
  df <- if ("df_Satt" %in% names(tt)) tt$df_Satt else tt$df
  list(id = id, y = d$y, cluster = d$g, arm = d$arm, base = d$base,
       coef = unname(coef(fit)), vcov = unname(as.matrix(v)), std_error = tt$SE, df = df,
       conf_low = ci$CI_L, conf_high = ci$CI_U)
}
cases <- list(
  case("equal clusters", rep(6, 8), 0.1),
  case("unequal clusters", c(3, 5, 9, 14, 22, 31, 40), 0.05),
  case("four clusters", c(4, 11, 7, 20), 0.2),
  case("one large, many single", c(60, rep(1, 14)), 0.0),
  case("everyone a cluster", rep(1, 25), 0.0),
  case("regression, unequal", c(5, 8, 13, 9, 21, 4, 16, 30, 11, 6, 18, 7, 25, 10, 12), 0.05, TRUE),
  case("regression, six clusters", c(9, 15, 7, 22, 12, 5), 0.1, TRUE)
)
out <- list(program = "cluster_robust.R", r_version = R.version.string,
            packages = list(clubSandwich = as.character(packageVersion("clubSandwich"))), cases = cases)
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, pretty = FALSE, null = "null")
