# Writes tests/reference/day_counts.json: retention of 300 made people.
# Needs Debian's r-cran-survival, r-cran-cmprsk and r-cran-jsonlite.
# Rscript tests/reference/r/day_counts.R tests/reference/day_counts.json
suppressMessages({library(survival); library(jsonlite)})
i <- 0:299
day <- 1 + (37 * i) %% 97
cause <- (i^2 + i %/% 7) %% 3
practice <- i %% 15
w <- .5 + ((11 * i) %% 7) / 7
days <- c(20, 50, 80)
by_practice <- function(influence) sqrt(colSums(rowsum(influence, practice)^2))

km <- survfit(Surv(day, cause > 0) ~ 1, conf.type = "log-log")
plain <- summary(km, times = days)
robust <- summary(survfit(Surv(day, cause > 0) ~ 1, cluster = practice), times = days)
weighted <- summary(survfit(Surv(day, cause > 0) ~ 1, weights = w, cluster = practice), times = days)
mean80 <- summary(km, rmean = 80)$table

aj <- survfit(Surv(day, factor(cause, 0:2)) ~ 1)
causes <- summary(aj, times = days)
lost80 <- summary(aj, rmean = 80)$table
# One row a person, summed by practice: influence[person, time, state].
aji <- survfit(Surv(day, factor(cause, 0:2)) ~ 1, id = i, influence = TRUE)
at <- findInterval(days, aji$time)
inf <- aji$influence.pstate
drop0 <- dim(inf)[2] - length(aji$time)  # the first column may be the start
kept <- inf[, at + drop0, , drop = FALSE]
practice_se <- lapply(2:3, function(k) by_practice(kept[, , k]))
# Days lost: the curve is a step from day to day, so its integral is a sum over days 0 to 79.
on <- findInterval(0:79, aji$time)
sum_days <- function(k) {
  full <- cbind(0, inf[, seq_along(aji$time) + drop0, k])
  by_practice(matrix(rowSums(full[, on + 1]), ncol = 1))
}

# Limits on each scale, days by columns.
scales <- c("log-log", "log", "plain")
limits <- function(response, part) setNames(lapply(scales, function(scale) {
  told <- summary(survfit(response ~ 1, conf.type = scale), times = days)
  part(list(low = told$lower, high = told$upper))
}), scales)
cause_limits <- function(told) lapply(told, function(m) t(m[, 2:3]))
# Quantiles: flat at a half; ends at a half; not reached; on day 0; all leave.
quantile_of <- function(time, event, scale) {
  told <- quantile(survfit(Surv(time, event) ~ 1, conf.type = scale), c(.25, .5, .75))
  list(time = time, event = event, conf_type = scale, quantile = unname(told$quantile),
       low = unname(told$lower), high = unname(told$upper))
}
quantile_data <- list(
  list(c(1, 2, 3, 5, 8, 9), c(1, 1, 1, 1, 0, 1)), list(c(1, 2, 3, 4, 5, 7), c(1, 1, 1, 0, 0, 0)),
  list(c(1, 2, 3, 4, 5, 6), c(1, 0, 0, 1, 0, 0)), list(c(0, 0, 0, 2, 3, 4), c(1, 1, 1, 1, 0, 0)),
  list(c(1, 2, 3, 4), c(1, 1, 1, 1)), list(rep(1:12, 5), rep(c(1, 0, 1, 1), 15)))
quantiles <- unlist(lapply(quantile_data, function(d)
  lapply(scales, function(scale) quantile_of(d[[1]], d[[2]], scale))), recursive = FALSE)
# Times that are no whole days.
real <- .5 * day + .01 * day^2
real60 <- summary(survfit(Surv(real, cause > 0) ~ 1), rmean = 60)$table
real_lost <- summary(survfit(Surv(real, factor(cause, 0:2)) ~ 1), rmean = 60)$table
# Tests.
tested <- function(formula) {
  told <- lapply(0:1, function(rho) survdiff(formula, rho = rho))
  lapply(told, function(one) list(
    observed = rowSums(cbind(one$obs)), expected = rowSums(cbind(one$exp)), variance = one$var,
    statistic = one$chisq, p_value = one$pvalue))
}
arm <- as.integer(practice < 7); third <- (i %/% 5) %% 3; band <- i %% 4
# Pseudo-values of the first 40 people: left out one by one, and by R's own influence.
people <- 1:40; at <- 50
estimates <- function(keep) {
  d <- day[keep]; k <- factor(cause[keep], 0:2)
  km <- survfit(Surv(d, k != "0") ~ 1); aj <- survfit(Surv(d, k) ~ 1)
  c(summary(km, times = at)$surv, summary(aj, times = at)$pstate[2:3],
    summary(km, rmean = at)$table["rmean"], summary(aj, rmean = at)$table[2:3, "rmean"])
}
whole <- estimates(rep(TRUE, 300))
left_out <- sapply(people, function(p) 300 * whole - 299 * estimates(-p))
by_influence <- rbind(
  as.vector(pseudo(survfit(Surv(day, cause > 0) ~ 1), times = at, type = "survival")),
  t(pseudo(survfit(Surv(day, factor(cause, 0:2)) ~ 1, id = i), times = at, type = "pstate"))[2:3, ],
  as.vector(pseudo(survfit(Surv(day, cause > 0) ~ 1), times = at, type = "rmst")),
  t(pseudo(survfit(Surv(day, factor(cause, 0:2)) ~ 1, id = i), times = at, type = "sojourn"))[2:3, ]
)[, people]

separate <- cmprsk::timepoints(cmprsk::cuminc(day, cause), days)
zero <- summary(survfit(Surv(c(0, 0, 1, 2, 3, 4), factor(c(1, 2, 1, 2, 1, 0))) ~ 1), times = 0:4)

write_json(list(
  name = "day_counts",
  data = "made by arithmetic, n = 300: see tests/reference/r/day_counts.R",
  r_version = R.version.string,
  packages = list(survival = as.character(packageVersion("survival")),
                  cmprsk = as.character(packageVersion("cmprsk"))),
  days = days,
  survival = plain$surv, greenwood = plain$std.err,
  limits_day_20 = c(plain$lower[1], plain$upper[1]),
  survival_practice = robust$std.err,
  weighted_survival = weighted$surv, weighted_practice = weighted$std.err,
  restricted_mean_80 = unname(mean80[c("rmean", "se(rmean)")]),
  restricted_mean_80_practice = sum_days(1),
  incidence = t(causes$pstate[, 2:3]), incidence_error = t(causes$std.err[, 2:3]),
  incidence_practice = practice_se,
  time_lost_80 = unname(lost80[2:3, "rmean"]),
  time_lost_80_practice = c(sum_days(2), sum_days(3)),
  limits = limits(Surv(day, cause > 0), identity),
  incidence_limits = limits(Surv(day, factor(cause, 0:2)), cause_limits),
  quantiles = quantiles,
  real_restricted_mean_60 = unname(real60[c("rmean", "se(rmean)")]),
  real_time_lost_60 = unname(real_lost[2:3, "rmean"]),
  log_rank = list(
    arm = tested(Surv(day, cause > 0) ~ arm), third = tested(Surv(day, cause > 0) ~ third),
    cause_2 = tested(Surv(day, cause == 2) ~ arm),
    stratified = tested(Surv(day, cause > 0) ~ third + strata(band))),
  pseudo_values = list(
    day = at, of = c("survival", "incidence", "incidence", "restricted mean", "time lost", "time lost"),
    cause = c(NA, 1, 2, NA, 1, 2), left_out = left_out, influence = by_influence),
  cmprsk_variance = separate$var,
  day_0 = list(time = c(0, 0, 1, 2, 3, 4), cause = c(1, 2, 1, 2, 1, 0),
               incidence = t(zero$pstate[, 2:3]), error = t(zero$std.err[, 2:3]))
), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE, pretty = TRUE, na = "null")
