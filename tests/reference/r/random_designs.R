# 200 random designs fitted by lme4 and nlme, each with its default settings and then as far as they
# go (two optimisers, tight tolerances, restarts), for analyses/random_designs/compare.py.
# Run: Rscript random_designs.R FOLDER [FIRST LAST]
# It writes FOLDER/design_001.csv ... (the data) and FOLDER/r_fits.csv (deviances, faults, seconds).
suppressMessages({library(lme4); library(nlme)})
given <- commandArgs(TRUE)
folder <- given[1]; dir.create(folder, showWarnings = FALSE, recursive = TRUE)
chosen <- if (length(given) == 3) as.integer(given[2]):as.integer(given[3]) else 1:200
one_of <- function(x) x[[sample.int(length(x), 1)]]
models <- c("cs intercept", "cs wave", "slope none", "slope intercept", "us none", "ar1 none", "ar1_het none",
  "cs_het none", "us intercept", "us wave")
slow <- c("us none", "us intercept", "us wave")

## ---- data --------------------------------------------------------------------------------------
correlation <- function(waves) {
  rho <- runif(1, 0.1, 0.85); apart <- abs(outer(seq_len(waves), seq_len(waves), "-"))
  one_of(list(ifelse(apart == 0, 1, rho), rho^apart, ifelse(apart == 0, 1, rho * 0.85^(apart - 1))))
}
draw <- function(number) {
  set.seed(70000 + number)
  model <- models[(number - 1) %% length(models) + 1]
  waves <- if (grepl("slope", model)) one_of(3:5) else one_of(2:5)
  practices <- one_of(4:40)
  people <- one_of(if (model %in% slow) 30:220 else 30:400)
  shares <- rgamma(practices, shape = one_of(c(1.5, 4, 20))); size <- pmax(1, round(people * shares / sum(shares)))
  times <- if (runif(1) < 0.5) seq_len(waves) - 1 else sort(sample(0:12, waves))
  sd <- if (runif(1) < 0.5) rep(1, waves) else runif(waves, 0.6, 1.8)
  sigma <- outer(sd, sd) * correlation(waves)
  slope <- grepl("slope", model) * one_of(c(0, 0.05, 0.2)) / max(times)
  icc <- one_of(c(0, 0, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3)); total <- mean(sd^2) * icc / (1 - icc)
  cac <- one_of(c(0.3, 0.6, 0.8, 1)); gaps <- one_of(c(0, 0.1, 0.25, 0.4)); shift <- 10^one_of(c(-2, 0, 0, 2))
  by_practice <- runif(1) < 0.6
  arms <- sample(c(0, 1, as.integer(runif(practices - 2) < runif(1, 0.3, 0.7))))
  root <- t(chol(sigma)); rows <- NULL; person <- 0
  for (k in seq_len(practices)) {
    u <- rnorm(1, 0, sqrt(total * cac)) + rnorm(waves, 0, sqrt(total * (1 - cac))); z <- rbinom(1, 1, 0.5)
    for (i in seq_len(size[k])) {
      person <- person + 1
      a <- if (by_practice) arms[k] else rbinom(1, 1, 0.5)
      seen <- runif(waves) > gaps; if (!any(seen)) seen[sample.int(waves, 1)] <- TRUE
      x <- rnorm(1); b <- rnorm(1) * slope * 5
      y <- u + drop(root %*% rnorm(waves)) + b * times + 0.3 * x + 0.3 * a * (seq_len(waves) > 1) + 0.2 * seq_len(waves)
      rows <- rbind(rows, data.frame(practice = k, person = person, wave = which(seen) - 1, time = times[seen], arm = a,
        x = round(x, 3), z = z, y = signif(shift * (5 + y[seen]), 7)))
    }
  }
  fixed <- one_of(c("arm * factor(wave)", "arm * factor(wave) + x", "arm * time + x", "factor(wave) + arm + x + z", "arm * factor(wave) + x + z"))
  together <- crossprod(table(rows$person, rows$wave))
  X <- model.matrix(as.formula(paste("~", fixed)), rows)
  fit <- ncol(together) == waves && min(together) >= 5 && qr(X)$rank == ncol(X) && nrow(rows) > 3 * ncol(X)
  list(rows = rows, model = model, fixed = fixed, reml = runif(1) < 0.7, waves = waves, practices = practices,
    people = person, icc = icc, cac = cac, gaps = gaps, usable = fit, names = colnames(X))
}
drawn <- function(number) {                       # a design that cannot be fitted is drawn again
  for (again in 0:50) { found <- draw(number + 1000 * again); if (found$usable) return(found) }
  stop("no usable design")
}

## ---- fits --------------------------------------------------------------------------------------
quiet <- function(call) {
  told <- NULL; began <- proc.time()[["elapsed"]]
  fit <- tryCatch(withCallingHandlers(call(), warning = function(w) { told <<- c(told, conditionMessage(w)); invokeRestart("muffleWarning") },
    message = function(m) invokeRestart("muffleMessage")), error = function(e) { told <<- c(told, conditionMessage(e)); NULL })
  list(fit = fit, told = told, seconds = proc.time()[["elapsed"]] - began,
    deviance = if (is.null(fit)) NA else tryCatch(-2 * as.numeric(logLik(fit)), error = function(e) NA))
}
random4 <- c("cs intercept" = "(1 | practice) + (1 | person)", "cs wave" = "(1 | practice) + (1 | practice:wave) + (1 | person)",
  "slope none" = "(1 + time | person)", "slope intercept" = "(1 | practice) + (1 + time | person)")
by_lme4 <- function(d) {
  formula <- as.formula(paste("y ~", d$fixed, "+", random4[[d$model]]))
  run <- function(control, start = NULL) quiet(function() lmer(formula, d$rows, REML = d$reml, control = control, start = start))
  tight <- function(o) lmerControl(optimizer = o, calc.derivs = FALSE, check.conv.singular = "ignore",
    optCtrl = if (o == "bobyqa") list(rhoend = 1e-10, maxfun = 1e5) else
      list(xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-14, ftol_rel = 1e-14, maxeval = 1e5))
  plain <- run(lmerControl(check.conv.singular = "ignore"))
  far <- lapply(c("bobyqa", "nloptwrap"), function(o) run(tight(o)))
  again <- lapply(far, function(f) if (!is.null(f$fit)) run(tight("bobyqa"), getME(f$fit, "theta") * 0.5 + 0.05))
  list(plain = plain, all = c(list(plain), far, again))
}
by_nlme <- function(d) {
  rows <- transform(d$rows, at = wave + 1, w = factor(wave), practice = factor(practice), person = factor(person))
  formula <- as.formula(paste("y ~", d$fixed)); kind <- strsplit(d$model, " ")[[1]]; method <- if (d$reml) "REML" else "ML"
  nested <- kind[2] != "none"
  group <- if (nested) ~ at | practice / person else ~ at | person
  correlation <- switch(kind[1], us = corSymm(form = group), ar1 = , ar1_het = corAR1(form = group), cs_het = corCompSymm(form = group))
  weights <- if (kind[1] %in% c("us", "ar1_het", "cs_het")) varIdent(form = ~ 1 | w)
  random <- switch(d$model, "cs intercept" = list(practice = ~ 1, person = ~ 1), "cs wave" = list(practice = pdBlocked(list(pdIdent(~ 1), pdIdent(~ w - 1))), person = ~ 1),
    "slope none" = list(person = ~ 1 + time), "slope intercept" = list(practice = ~ 1, person = ~ 1 + time),
    "us intercept" = list(practice = ~ 1), "us wave" = list(practice = pdBlocked(list(pdIdent(~ 1), pdIdent(~ w - 1)))))
  run <- function(control) quiet(function() if (is.null(random)) gls(formula, rows, correlation = correlation, weights = weights, method = method, control = control)
    else if (is.null(correlation)) lme(formula, random = random, data = rows, method = method, control = control)
    else lme(formula, random = random, data = rows, correlation = correlation, weights = weights, method = method, control = control))
  tight <- function(opt) list(opt = opt, maxIter = 300, msMaxIter = 500, msMaxEval = 3000, tolerance = 1e-9, msTol = 1e-11, returnObject = TRUE)
  plain <- run(list())
  list(plain = plain, all = c(list(plain), lapply(c("nlminb", "optim"), function(opt) run(tight(opt)))))
}
best <- function(fits) { found <- sapply(fits, function(f) if (is.null(f)) NA else f$deviance); if (all(is.na(found))) NA else min(found, na.rm = TRUE) }
seconds <- function(fits) sum(sapply(fits, function(f) if (is.null(f)) 0 else f$seconds))
said <- function(fit) gsub("[\",\n]", " ", paste(substr(fit$told, 1, 80), collapse = "; "))
out <- file.path(folder, "r_fits.csv")
for (number in chosen) {
  d <- drawn(number)
  write.csv(d$rows, file.path(folder, sprintf("design_%03d.csv", number)), row.names = FALSE, quote = FALSE)
  four <- if (d$model %in% names(random4)) by_lme4(d)
  three <- by_nlme(d)
  cell <- function(side, f) if (is.null(side)) NA else f(side)
  row <- data.frame(design = number, model = d$model, fixed = gsub(" ", "", d$fixed), reml = d$reml, waves = d$waves, practices = d$practices,
    people = d$people, rows = nrow(d$rows), icc = d$icc, cac = d$cac, gaps = d$gaps, names = paste(d$names, collapse = " "),
    lme4 = cell(four, function(s) best(s$all)), lme4_default = cell(four, function(s) s$plain$deviance),
    lme4_told = cell(four, function(s) said(s$plain)), lme4_default_seconds = cell(four, function(s) s$plain$seconds),
    nlme = cell(three, function(s) best(s$all)), nlme_default = cell(three, function(s) s$plain$deviance),
    nlme_told = cell(three, function(s) said(s$plain)), nlme_default_seconds = cell(three, function(s) s$plain$seconds),
    r_seconds = cell(four, function(s) seconds(s$all)) |> sum(cell(three, function(s) seconds(s$all)), na.rm = TRUE))
  row[c("lme4", "lme4_default", "nlme", "nlme_default")] <- lapply(row[c("lme4", "lme4_default", "nlme", "nlme_default")], function(v) sprintf("%.9f", as.numeric(v)))
  write.table(row, out, sep = ",", row.names = FALSE, col.names = number == chosen[1], append = number != chosen[1], qmethod = "double")
  message(number, " ", d$model, " ", nrow(d$rows), " rows ", round(row$r_seconds, 1), " s")
}
