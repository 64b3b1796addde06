# CR0 to CR3, Satterthwaite df and the AHT Wald test of clubSandwich, with and without weights.
# Debian: r-cran-clubsandwich, r-cran-jsonlite.  Run:  Rscript cluster_fit.R ../cluster_fit.json
suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(2718)
case <- function(id, size, weights = NULL) {
  g <- rep(seq_along(size), size)
  n <- length(g)
  d <- data.frame(g = g, arm = as.integer(g %% 2 == 0), x = round(rnorm(n), 3))
  d$y <- round(10 + d$x + 0.5 * d$arm + rnorm(length(size))[g] + 3 * rnorm(n), 3)
  d$w <- switch(if (is.null(weights)) "none" else weights, none = rep(1, n),
    person = round(runif(n, 0.2, 5), 3), practice = round(runif(length(size), 0.3, 4), 3)[g],
    wide = round(exp(2 * rnorm(n)), 4) + 0.001)
  f <- if (is.null(weights)) lm(y ~ arm + x, d) else lm(y ~ arm + x, d, weights = w)
  results <- lapply(c(CR0 = "CR0", CR1 = "CR1", CR1S = "CR1S", CR2 = "CR2", CR3 = "CR3"), function(type) {
    v <- vcovCR(f, cluster = d$g, type = type)
    tt <- as.data.frame(coef_test(f, vcov = v, test = "Satterthwaite"))
    # The same model with its origin at arm 1, x 0.5: the intercept is the contrast (1, 1, 0.5).
    m <- update(f, y ~ I(arm - 1) + I(x - 0.5))
    sum <- as.data.frame(coef_test(m, vcov = vcovCR(m, cluster = d$g, type = type), test = "Satterthwaite"))[1, ]
    wald <- Wald_test(f, constraints = constrain_zero(2:3), vcov = v, test = "HTZ")
    list(vcov = unname(as.matrix(v)), df = tt$df_Satt,
         contrast = c(sum$beta, sum$SE, sum$df_Satt), wald = c(wald$Fstat, wald$df_num, wald$df_denom))
  })
  list(id = id, y = d$y, arm = d$arm, x = d$x, cluster = d$g, weights = if (is.null(weights)) NULL else d$w,
       coef = unname(coef(f)), results = results)
}
fifteen <- c(5, 8, 13, 9, 21, 4, 16, 30, 11, 6, 18, 7, 25, 10, 12)
cases <- list(
  case("fifteen practices", fifteen),
  case("six practices", c(9, 15, 7, 22, 12, 5)),
  case("single people", c(40, rep(1, 12), 3, 3)),
  case("weights of people", fifteen, "person"),
  case("weights of practices", fifteen, "practice"),
  case("wide weights", fifteen, "wide"),
  case("weights, single people", c(40, rep(1, 12), 3, 3), "person"),
  case("weights, six practices", c(9, 15, 7, 22, 12, 5), "person"))
out <- list(program = "cluster_fit.R", r_version = R.version.string,
            packages = list(clubSandwich = as.character(packageVersion("clubSandwich"))), cases = cases)
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, pretty = FALSE, null = "null")
