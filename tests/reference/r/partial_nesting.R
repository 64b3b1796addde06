# Clusters that have effects in one arm alone, by lme4 and pbkrtest, on drawn data, for
# tests/reference/test_partial_nesting_mixed.py. Run in this folder: Rscript partial_nesting.R
# It writes ../partial_nesting.csv (the data) and ../partial_nesting.json (the results).
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)})

set.seed(21)
rows <- NULL; id <- 0
sizes <- list(a = c(9, 12, 7, 10), b = c(6, 11, 8, 5, 9, 7))  # codes of arm a are of practices without effects
for (arm in names(sizes)) for (k in seq_along(sizes[[arm]])) {
  u <- (arm == "b") * rnorm(1, 0, 0.6); uw <- (arm == "b") * rnorm(3, 0, 0.4)
  for (i in seq_len(sizes[[arm]][k])) {
    id <- id + 1; own <- rnorm(1); age <- round(rnorm(1), 2)
    y <- 5 + 0.3 * age + 0.4 * (arm == "b") * (0:2 > 0) + u + uw + own + rnorm(3, 0, 0.8)
    seen <- c(TRUE, runif(2) > 0.15)
    rows <- rbind(rows, data.frame(id = id, pr = paste0(arm, k), arm = arm, w = which(seen) - 1, age = age,
      y = round(y[seen], 3)))
  }
}
rows$tr <- as.numeric(rows$arm == "b")
write.csv(rows[, names(rows) != "tr"], "../partial_nesting.csv", row.names = FALSE)

tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5),
  check.conv.singular = "ignore")
fixed <- y ~ arm * factor(w) + age
one <- function(formula) {
  m <- lmer(formula, rows, REML = TRUE, control = tight)
  p <- length(fixef(m))
  kr <- lapply(seq_len(p), function(i) {
    l <- matrix(as.numeric(seq_len(p) == i), 1)
    list(error = sqrt(drop(l %*% as.matrix(vcovAdj(m)) %*% t(l))), df = unname(Lb_ddf(drop(l), vcov(m), vcovAdj(m))))
  })
  v <- as.data.frame(VarCorr(m))
  list(deviance = -2 * as.numeric(logLik(m)), names = names(fixef(m)), estimate = unname(fixef(m)),
    std_error = sapply(kr, `[[`, "error"), df = sapply(kr, `[[`, "df"),
    variances = setNames(as.list(v$vcov), v$grp), deviance_ml = -2 * as.numeric(logLik(refitML(m))))
}
found <- list(r = R.version.string, lme4 = as.character(packageVersion("lme4")),
  pbkrtest = as.character(packageVersion("pbkrtest")),
  wave = one(update(fixed, ~ . + (1 | id) + (0 + tr | pr) + (0 + tr | pr:w))),
  intercept = one(update(fixed, ~ . + (1 | id) + (0 + tr | pr))))
writeLines(toJSON(found, auto_unbox = TRUE, digits = 12, pretty = TRUE), "../partial_nesting.json")
