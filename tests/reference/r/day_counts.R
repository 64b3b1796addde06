# Writes tests/reference/day_counts.json: retention of 300 made people.
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
write_json(list(
  name = "day_counts",
  data = "made by arithmetic, n = 300: see tests/reference/r/day_counts.R",
  r_version = R.version.string,
  packages = list(survival = as.character(packageVersion("survival"))),
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
  time_lost_80_practice = c(sum_days(2), sum_days(3))
), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE, pretty = TRUE)
