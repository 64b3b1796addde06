# Bootstrap of whole practices: ratios of sums, adjusted differences, areas under curves, rates.
# Made-up people of 12 practices. Every draw is refitted by lm() with the practices repeated.
# Run in tests/reference: Rscript r/whole_practices.R > whole_practices.json
suppressMessages({library(jsonlite); library(clubSandwich)})
set.seed(20260401)
G <- 12
size <- c(9, 14, 22, 7, 31, 12, 18, 11, 25, 8, 16, 20)
practice <- rep(seq_len(G), size)
arm <- as.integer(practice > 6)
n <- length(practice)
start <- round(0.6 + rnorm(G, 0, 0.05)[practice] + rnorm(n, 0, 0.2), 3)
middle <- round(0.2 + 0.6 * start + rnorm(n, 0, 0.15), 3)
end <- round(0.25 + 0.5 * start + 0.03 * arm + rnorm(n, 0, 0.18), 3)
before <- round(rexp(n, 1 / 400), 2)
cost <- round(0.4 * before + rexp(n, 1 / 500) + 260 * arm, 2)
engaged <- rbinom(n, 1, 0.7)

# Area under the values at 0, 6 and 18 months, the second year divided by 1 + rate.
rate <- 0.05
at <- c(0, 6, 18)
area <- function(values, rate) {
  f <- approxfun(at, values)
  first <- integrate(f, 0, 6)$value + integrate(f, 6, 12)$value
  second <- integrate(f, 12, 18)$value
  (first + second / (1 + rate)) / 12
}
values <- cbind(start, middle, end)
qaly <- apply(values, 1, area, rate = rate)

draws <- 40
counts <- t(replicate(draws, {
  picked <- c(sample(1:6, 6, TRUE), sample(7:12, 6, TRUE))
  tabulate(picked, G)
}))
one <- function(times) {
  rows <- unlist(lapply(seq_len(G), function(g) rep(which(practice == g), times[g])))
  d <- data.frame(qaly, cost, arm, start, before, engaged)[rows, ]
  c(ratio = sum(d$cost) / sum(d$engaged),
    cost = unname(coef(lm(cost ~ arm + before, d))["arm"]),
    qaly = unname(coef(lm(qaly ~ arm + start, d))["arm"]))
}
found <- t(apply(counts, 1, one))
all_once <- one(rep(1, G))

# A rate of events in unlike times, as a ratio of sums: linearised, CR2 of the deviations.
time <- sample(4:12, n, TRUE)
events <- rpois(n, time * 0.4)
pooled <- sum(events) / sum(time)
told <- pooled + n * (events - pooled * time) / sum(time)
fit <- lm(told ~ 1)
cr2 <- coef_test(fit, vcov = "CR2", cluster = practice, test = "Satterthwaite")

cat(toJSON(list(
  made_by = R.version.string,
  clubSandwich = as.character(packageVersion("clubSandwich")),
  practice = practice - 1, arm = arm, start = start, middle = middle, end = end,
  before = before, cost = cost, engaged = engaged, months = at, discount_rate = rate,
  qaly = qaly, counts = counts, draws = found, all_once = as.list(all_once),
  interval = unname(quantile(found[, "ratio"], c(0.025, 0.975), type = 7)),
  time = time, events = events,
  rate = list(estimate = pooled, std_error = cr2$SE, df = if (!is.null(cr2$df_Satt)) cr2$df_Satt else cr2$df)
), auto_unbox = TRUE, digits = NA), "\n")
