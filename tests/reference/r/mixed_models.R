# Mixed models by lme4, lmerTest, pbkrtest and clubSandwich on drawn data, for
# tests/reference/test_mixed_models.py. Run: Rscript mixed_models.R > ../mixed_models.json
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(clubSandwich); library(jsonlite)})
draw <- function(seed, clusters, size, waves, sd_cluster, sd_wave, sd_person, gaps, single) {
  set.seed(seed)
  rows <- NULL; person <- 0
  for (k in seq_len(clusters)) {
    n <- if (k <= single) 1 else sample(max(2, size - 4):(size + 4), 1)
    u <- rnorm(1, 0, sd_cluster); w <- rnorm(waves, 0, sd_wave)
    for (i in seq_len(n)) {
      person <- person + 1
      b <- rnorm(1, 0, sd_person)
      seen <- runif(waves) > gaps; seen[1] <- TRUE
      y <- 10 + 0.3 * (0:(waves - 1)) + u + w + b + rnorm(waves)
      x <- round(rnorm(1), 2)
      rows <- rbind(rows, data.frame(cluster = k, arm = as.integer(k %% 2), person = person,
        wave = which(seen) - 1, x = x, y = round(y[seen], 3)))
    }
  }
  rows
}
table_of <- function(fit, ddf) {
  found <- as.data.frame(coef(summary(fit, ddf = ddf)))
  list(estimate = found[["Estimate"]], std_error = found[["Std. Error"]], df = found[["df"]])
}
robust <- function(fit, data, type) {
  vcov <- vcovCR(fit, cluster = data$cluster, type = type)
  test <- coef_test(fit, vcov = vcov, test = "Satterthwaite")
  df <- if ("df_Satt" %in% names(test)) test$df_Satt else test$df
  list(std_error = test$SE, df = df)
}
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), check.conv.singular = "ignore")
cases <- list(
  list(id = "two levels, unequal", args = list(1, 12, 8, 1, 0.6, 0, 0, 0, 0), formula = "y ~ arm + x + (1 | cluster)"),
  list(id = "one-person clusters", args = list(2, 14, 6, 1, 0.5, 0, 0, 0, 4), formula = "y ~ arm * x + (1 | cluster)"),
  list(id = "people in clusters, gaps", args = list(3, 10, 7, 3, 0.5, 0, 1, 0.25, 0), formula = "y ~ arm * factor(wave) + x + (1 | cluster) + (1 | person)"),
  list(id = "clusters by wave", args = list(4, 15, 8, 4, 0.5, 0.4, 1, 0.2, 0), formula = "y ~ arm * factor(wave) + (1 | cluster) + (1 | cluster:wave) + (1 | person)"),
  list(id = "no variance of clusters", args = list(5, 9, 10, 1, 0, 0, 0, 0, 0), formula = "y ~ arm + x + (1 | cluster)"),
  list(id = "no variance of clusters by wave", args = list(6, 15, 8, 4, 0.5, 0, 1, 0.2, 0), formula = "y ~ arm * factor(wave) + (1 | cluster) + (1 | cluster:wave) + (1 | person)")
)
out <- lapply(cases, function(case) {
  data <- do.call(draw, case$args)
  fit <- lmerTest::lmer(as.formula(case$formula), data, REML = TRUE, control = tight)
  ml <- lme4::lmer(as.formula(case$formula), data, REML = FALSE, control = tight)
  found <- as.data.frame(VarCorr(fit))
  list(id = case$id, formula = case$formula, data = as.list(data), deviance = REMLcrit(fit),
    deviance_ml = -2 * as.numeric(logLik(ml)), groups = found$grp, variances = found$vcov,
    satterthwaite = tryCatch(table_of(fit, "Satterthwaite"), error = function(e) NULL),
    kenward_roger = table_of(fit, "Kenward-Roger"),
    CR2 = tryCatch(robust(fit, data, "CR2"), error = function(e) NULL),
    CR3 = tryCatch(robust(fit, data, "CR3"), error = function(e) NULL))
})
versions <- sapply(c("lme4", "lmerTest", "pbkrtest", "clubSandwich"), function(p) as.character(packageVersion(p)))
cat(toJSON(list(r = R.version.string, versions = as.list(versions), cases = out), digits = 14, auto_unbox = TRUE, null = "null"), "\n")
