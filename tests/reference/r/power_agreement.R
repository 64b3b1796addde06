# Drawn trials fitted by lme4 and tested by pbkrtest (Kenward and Roger), for
# tests/reference/test_power_agreement.py and docs/methods/agreement-of-power.md. The data are
# drawn from a seed: python analyses/power_agreement/rows.py FOLDER writes them. Then, in this
# folder: Rscript power_agreement.R FOLDER
# It writes ../power/agreement.json: what it finds of the effect in each data set.
suppressMessages({library(lme4); library(pbkrtest); library(jsonlite)})

folder <- commandArgs(TRUE)[1]
models <- list(
  parallel = y ~ treated + (1 | cluster),
  visits = y ~ factor(visit) + treated + (1 | cluster) + (1 | cluster:visit) + (1 | person),
  crossover = y ~ factor(visit) + treated + (1 | cluster) + (1 | cluster:visit) + (1 | person))
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5),
  check.conv.singular = "ignore", calc.derivs = FALSE)

one <- function(rows, formula) {
  m <- lmer(formula, rows, REML = TRUE, control = tight)
  at <- which(names(fixef(m)) == "treated"); l <- as.numeric(seq_along(fixef(m)) == at)
  adjusted <- vcovAdj(m)
  error <- sqrt(drop(l %*% as.matrix(adjusted) %*% l)); df <- unname(Lb_ddf(l, vcov(m), adjusted))
  estimate <- unname(fixef(m)[at])
  c(estimate, error, df, 2 * pt(-abs(estimate / error), df), as.numeric(isSingular(m, tol = 1e-6)))
}

found <- list(r = R.version.string, lme4 = as.character(packageVersion("lme4")),
  pbkrtest = as.character(packageVersion("pbkrtest")))
for (key in names(models)) {
  rows <- read.csv(file.path(folder, paste0(key, ".csv")))
  began <- proc.time()[[1]]
  got <- sapply(split(rows, rows$set), one, formula = models[[key]])
  found[[key]] <- list(formula = deparse1(models[[key]]), seconds = round(proc.time()[[1]] - began),
    estimate = signif(unname(got[1, ]), 8), std_error = signif(unname(got[2, ]), 8),
    df = signif(unname(got[3, ]), 7), p = signif(unname(got[4, ]), 7), singular = unname(got[5, ]))
  cat(key, found[[key]]$seconds, "\n")
}
writeLines(toJSON(found, auto_unbox = TRUE, digits = NA), "../power/agreement.json")
