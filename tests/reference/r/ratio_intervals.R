# Profile intervals of the ICC and of the cluster autocorrelation by lme4's own deviance function, for
# tests/reference/test_ratio_intervals.py. Run: Rscript ratio_intervals.R > ../ratio_intervals.json
# lme4's deviance is a function of standard deviations relative to the residual's, and already profiled over the
# residual variance and the fixed effects: of two levels its argument fixes the ICC.
suppressMessages({library(lme4); library(jsonlite)})
draw <- function(seed, clusters, size, waves, sd_cluster, sd_wave, sd_person, gaps) {
  set.seed(seed)
  rows <- NULL; person <- 0
  for (k in seq_len(clusters)) {
    n <- if (is.list(size)) size[[1]] else sample(max(2, size - 4):(size + 4), 1)
    u <- rnorm(1, 0, sd_cluster); w <- rnorm(waves, 0, sd_wave)
    for (i in seq_len(n)) {
      person <- person + 1
      b <- rnorm(1, 0, sd_person)
      seen <- runif(waves) > gaps; seen[1] <- TRUE
      y <- 10 + 0.3 * (0:(waves - 1)) + u + w + b + rnorm(waves)
      rows <- rbind(rows, data.frame(cluster = k, arm = as.integer(k %% 2), person = person,
        wave = which(seen) - 1, y = round(y[seen], 3)))
    }
  }
  rows
}
# Relative variances in the order lme4 keeps them, from free parameters and the ratio's value.
shares <- list(
  "icc of two levels" = list(free = 0, at = function(value, free) value / (1 - value)),
  "icc with people" = list(free = 1, at = function(value, free) {
    people <- exp(free[1]); c(people, (1 + people) * value / (1 - value))
  }),
  "icc with people and waves" = list(free = 2, at = function(value, free) {
    people <- exp(free[1]); own <- plogis(free[2]); total <- (1 + people) * value / (1 - value)
    c(people, total * (1 - own), total * own)
  }),
  "autocorrelation" = list(free = 2, at = function(value, free) {
    people <- exp(free[1]); total <- exp(free[2]); c(people, total * (1 - value), total * value)
  })
)
interval <- function(fit, share, estimate) {
  f <- update(fit, devFunOnly = TRUE)
  start <- c(log(max(getME(fit, "theta")[1]^2, 0.1)), if (share$free > 1) 0)
  if (identical(share, shares[["autocorrelation"]])) start[2] <- log(sum(getME(fit, "theta")[2:3]^2))
  profile <- function(value) {
    if (share$free == 0) return(f(sqrt(share$at(value, 0))))
    inside <- function(free) f(sqrt(share$at(value, free)))
    if (share$free == 1) return(optimize(inside, start + c(-3, 3), tol = 1e-9)$objective)
    found <- optim(start, inside, control = list(reltol = 1e-15, maxit = 5000))
    found <- optim(found$par, inside, control = list(reltol = 1e-15, maxit = 5000))
    start <<- found$par
    found$value
  }
  least <- profile(estimate)
  over <- function(value) profile(value) - least - qchisq(0.95, 1)
  lowest <- 1e-9; highest <- 1 - 1e-6
  low <- if (over(lowest) <= 0) 0 else uniroot(over, c(lowest, estimate), tol = 1e-10)$root
  high <- if (share$free == 2 && identical(share, shares[["autocorrelation"]]) && over(highest) <= 0) 1 else
    uniroot(over, c(estimate, min(highest, 0.9999)), tol = 1e-10)$root
  c(low, high)
}
ratios <- function(fit) {
  v <- as.data.frame(VarCorr(fit)); v <- setNames(v$vcov, v$grp)
  cluster <- v[["cluster"]]; wave <- if ("cluster:wave" %in% names(v)) v[["cluster:wave"]] else 0
  c(icc = (cluster + wave) / sum(v), autocorrelation = cluster / (cluster + wave))
}
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), check.conv.singular = "ignore")
cases <- list(
  list(id = "one wave, balanced", args = list(11, 15, list(10), 1, 0.4, 0, 0, 0), formula = "y ~ 1 + (1 | cluster)", of = "icc of two levels"),
  list(id = "one wave, balanced, no variance", args = list(15, 15, list(10), 1, 0, 0, 0, 0), formula = "y ~ 1 + (1 | cluster)", of = "icc of two levels"),
  list(id = "one wave, unequal", args = list(12, 14, 9, 1, 0.4, 0, 0, 0), formula = "y ~ arm + (1 | cluster)", of = "icc of two levels"),
  list(id = "people in clusters, gaps", args = list(13, 12, 8, 3, 0.6, 0, 1, 0.25), formula = "y ~ arm * factor(wave) + (1 | cluster) + (1 | person)", of = "icc with people"),
  list(id = "clusters by wave", args = list(14, 15, 9, 4, 0.7, 0.5, 1, 0.2), formula = "y ~ arm * factor(wave) + (1 | cluster) + (1 | cluster:wave) + (1 | person)", of = "icc with people and waves")
)
out <- lapply(cases, function(case) {
  data <- do.call(draw, case$args)
  each <- lapply(c(TRUE, FALSE), function(reml) {
    fit <- lmer(as.formula(case$formula), data, REML = reml, control = tight)
    at <- ratios(fit)
    found <- list(reml = reml, estimate = at[["icc"]], interval = interval(fit, shares[[case$of]], max(at[["icc"]], 1e-9)),
      order = names(getME(fit, "theta")))
    if (case$of == "icc with people and waves") {
      found$autocorrelation <- at[["autocorrelation"]]
      found$autocorrelation_interval <- interval(fit, shares[["autocorrelation"]], at[["autocorrelation"]])
    }
    found
  })
  exact <- if (grepl("balanced", case$id)) {
    n <- case$args[[3]][[1]]; table <- anova(lm(y ~ factor(cluster), data)); f <- table[1, "F value"]; df <- table[, "Df"]
    ratio <- function(p) { q <- f / qf(p, df[1], df[2]); (q - 1) / (q + n - 1) }
    c(ratio(0.975), ratio(0.025))
  }
  list(id = case$id, formula = case$formula, data = as.list(data), fits = each, exact = exact)
})
cat(toJSON(list(r = R.version.string, versions = list(lme4 = as.character(packageVersion("lme4"))), cases = out),
  digits = 12, auto_unbox = TRUE, null = "null"), "\n")
