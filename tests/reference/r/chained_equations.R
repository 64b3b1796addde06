# Chained equations by mice, within arms, on drawn data, for
# tests/reference/test_chained_equations.py. Run in this folder: Rscript chained_equations.R
# It writes ../chained_equations.csv (the data) and ../chained_equations.json (the results).
#
# mice's polr does not draw the parameters of its model, so its standard errors for the ordered
# column come out a little small.
suppressMessages({library(mice); library(jsonlite)})
set.seed(20260101)
n <- 400
arm <- rep(0:1, length.out = n)
age <- round(rnorm(n, 60, 10)); score0 <- round(rnorm(n, 20, 6), 1)
score1 <- round(5 + 0.6 * score0 + 2 * arm - 0.03 * age + rnorm(n, 0, 5), 1)
employed <- rbinom(n, 1, plogis(-0.5 + 0.08 * (score1 - 18) - 0.04 * (age - 60) + 0.5 * arm))
latent <- 0.1 * score1 + 0.6 * employed + 0.3 * arm + rlogis(n)
health <- 1 + (latent > 0.8) + (latent > 2) + (latent > 3.4)
lost <- function(rate, by) runif(n) < plogis(qlogis(rate) + by)
score1[lost(0.30, 0.06 * (score0 - 20) + 0.4 * arm)] <- NA
employed[lost(0.22, 0.03 * (age - 60))] <- NA
health[lost(0.22, -0.05 * (score0 - 20))] <- NA
data <- data.frame(arm, age, score0, score1, employed, health)
write.csv(data, "../chained_equations.csv", row.names = FALSE, quote = FALSE, na = "")
shown <- transform(data, employed = factor(employed), health = factor(health, ordered = TRUE))

run <- function(method, m = 200) {
  both <- lapply(0:1, function(a) mice(shown[shown$arm == a, -1], m = m, maxit = 10, seed = 7 + a,
    method = c(age = "", score0 = "", score1 = method, employed = "logreg", health = "polr"),
    printFlag = FALSE))
  lapply(seq_len(m), function(i) do.call(rbind, lapply(0:1, function(a)
    cbind(arm = a, complete(both[[a + 1]], i)))))
}
told <- function(sets, formula) {
  fits <- lapply(sets, function(d) {
    d$employed <- as.integer(d$employed) - 1; d$health <- as.integer(d$health)
    lm(formula, d)
  })
  s <- summary(pool(as.mira(fits)))
  setNames(lapply(seq_len(nrow(s)), function(i)
    list(estimate = s$estimate[i], std_error = s$std.error[i], df = s$df[i])), s$term)
}
formulas <- list(score = score1 ~ arm + score0 + employed, employed = employed ~ arm + score1,
                 health = health ~ arm + score1 + employed)
normal <- run("norm"); matched <- run("pmm")
write_json(list(
  r_version = R.version.string,
  packages = list(mice = as.character(packageVersion("mice")),
                  MASS = as.character(packageVersion("MASS"))),
  imputations = 200, people = n,
  number = lapply(formulas, function(f) told(normal, f)),
  matched = lapply(formulas, function(f) told(matched, f))),
  "../chained_equations.json", auto_unbox = TRUE, digits = 10, pretty = TRUE)
