# Regressions by practice from data frames: CR0 to CR3 and Wald of clubSandwich with factors, products, powers
# and weights; and, by going through every case: wild bootstrap of weighted least squares, permutation of
# practices with covariates and strata, two-stage t tests by lm.
# Debian: r-cran-clubsandwich, r-cran-jsonlite.  Run:  Rscript clustered.R ../clustered.json
suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(31415)
people <- function(size, arms) {
  g <- rep(seq_along(size), size); n <- length(g)
  d <- data.frame(practice = sprintf("p%02d", g), arm = arms[g], site = c("north", "south")[1 + (g %% 3 == 0)],
    age = round(rnorm(n, 50, 12), 1), smoking = sample(c("never", "former", "current"), n, TRUE, c(.5, .3, .2)),
    deprivation = round(rnorm(length(size)), 2)[g])
  d$score <- round(20 + 0.4 * (d$arm == "programme") + 0.03 * d$age - 0.0004 * (d$age - 50)^2 + (d$smoking == "never") +
    0.5 * d$deprivation + rnorm(length(size), 0, 0.6)[g] + rnorm(n, 0, 3), 2)
  d$w <- round(runif(n, 0.2, 4), 3)
  d
}
seven <- c("programme", "usual")[1 + (seq_len(15) > 7)]
frames <- list(
  unbalanced = people(c(90, 12, 7, 31, 22, 18, 9, 44, 5, 13, 27, 16, 60, 8, 38), seven),
  eleven = people(c(14, 33, 9, 21, 17, 40, 6, 25, 12, 30, 19), seven[4:14]))
fits <- list(
  list(id = "factors", frame = "unbalanced", fixed = "score ~ arm + smoking + age", weights = FALSE, wald = "smoking"),
  list(id = "products", frame = "unbalanced", fixed = "score ~ arm * site + smoking + age + I(age^2)", weights = FALSE, wald = "smoking"),
  list(id = "weights, factors", frame = "unbalanced", fixed = "score ~ arm + smoking + age + deprivation", weights = TRUE, wald = "smoking"),
  list(id = "weights, powers", frame = "eleven", fixed = "score ~ arm + smoking * age + I(age^2)", weights = TRUE, wald = "smoking:age"))
fitted <- function(asked) {
  d <- frames[[asked$frame]]
  d$smoking <- factor(d$smoking, levels = sort(unique(d$smoking)))
  f <- if (asked$weights) lm(as.formula(asked$fixed), d, weights = w) else lm(as.formula(asked$fixed), d)
  X <- model.matrix(f)
  places <- which(attr(terms(f), "term.labels")[pmax(attr(X, "assign"), 1)] == asked$wald & attr(X, "assign") > 0)
  kinds <- lapply(c(CR0 = "CR0", CR1 = "CR1", CR1S = "CR1S", CR2 = "CR2", CR3 = "CR3"), function(type) {
    v <- vcovCR(f, cluster = d$practice, type = type)
    tt <- as.data.frame(coef_test(f, vcov = v, test = "Satterthwaite"))
    ci <- as.data.frame(conf_int(f, vcov = v, test = "Satterthwaite"))
    wald <- Wald_test(f, constraints = constrain_zero(places), vcov = v, test = "HTZ")
    list(std_error = tt$SE, df = tt$df_Satt, p_value = tt$p_Satt, conf_low = ci$CI_L, conf_high = ci$CI_U,
         vcov = unname(as.matrix(v)), wald = c(wald$Fstat, wald$df_num, wald$df_denom, wald$p_val))
  })
  c(asked, list(terms = names(coef(f)), coef = unname(coef(f)), kinds = kinds))
}
# Wild bootstrap by going through all signs, every fit anew.
wild <- function(d, fixed, column) {
  X <- model.matrix(as.formula(fixed), d); w <- d$w; g <- d$practice; labels <- unique(g)
  t_of <- function(y) {
    inverse <- solve(t(X) %*% (w * X)); b <- inverse %*% t(X) %*% (w * y); e <- as.vector(y - X %*% b)
    scores <- rowsum(X * (w * e), g); V <- inverse %*% t(scores) %*% scores %*% inverse
    b[column] / sqrt(V[column, column])
  }
  rest <- X[, -column]
  restricted <- rest %*% solve(t(rest) %*% (w * rest), t(rest) %*% (w * d$score))
  e <- d$score - restricted
  seen <- abs(t_of(d$score))
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(labels))))
  as_far <- apply(signs, 1, function(s) abs(t_of(restricted + e * s[match(g, labels)])) >= seen * (1 - 1e-9))
  list(p_value = mean(as_far), signs = nrow(signs))
}
# Residual means by practice, permuted within strata, the strata in the model of the practices too.
permuted <- function(d, covariates, stratum) {
  by <- split(d, d$practice)
  arm <- sapply(by, function(x) x$arm[1] == "programme"); site <- sapply(by, function(x) x$site[1])
  m <- lm(as.formula(paste("score ~", paste(c(covariates, if (stratum) "site"), collapse = " + "))), d)
  value <- sapply(split(residuals(m), d$practice), mean)
  coefficient <- function(a) unname(coef(if (stratum) lm(value ~ a + site) else lm(value ~ a))["aTRUE"])
  all <- if (!stratum) combn(length(arm), sum(arm)) else {
    north <- which(site == "north"); south <- which(site == "south")
    one <- combn(north, sum(arm[north])); two <- combn(south, sum(arm[south]))
    do.call(cbind, lapply(seq_len(ncol(one)), function(i) rbind(matrix(one[, i], nrow(one), ncol(two)), two)))
  }
  found <- apply(all, 2, function(who) coefficient(seq_along(arm) %in% who))
  list(plain_difference = coefficient(arm), p_value = mean(abs(found) >= abs(coefficient(arm)) - 1e-9), allocations = ncol(all),
       covariates = covariates, stratum = stratum)
}
two_stage <- function(d, stratum) {
  by <- split(d, d$practice)
  m <- data.frame(value = sapply(by, function(x) mean(x$score)), arm = sapply(by, function(x) x$arm[1] == "programme"),
                  site = sapply(by, function(x) x$site[1]))
  f <- if (stratum) lm(value ~ arm + site, m) else lm(value ~ arm, m)
  list(stratum = stratum, row = unname(c(summary(f)$coefficients["armTRUE", ], confint(f)["armTRUE", ])), df = f$df.residual)
}
e <- frames$eleven
out <- list(program = "clustered.R", r_version = R.version.string,
  packages = list(clubSandwich = as.character(packageVersion("clubSandwich"))),
  frames = frames, fits = lapply(fits, fitted),
  wild = c(list(frame = "eleven", fixed = "arm + age", term = "arm[T.usual]"), wild(e, "~ arm + age", 2)),
  permuted = list(permuted(e, c("age", "smoking"), FALSE), permuted(e, c("age", "smoking"), TRUE), permuted(e, c("age", "deprivation"), FALSE)),
  two_stage = list(two_stage(e, FALSE), two_stage(e, TRUE)))
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, dataframe = "columns")
