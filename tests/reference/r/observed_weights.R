# Weights of people who were measured, and models of who was lost, by R's glm and clubSandwich.
# Rscript tests/reference/r/observed_weights.R > tests/reference/observed_weights.json
suppressMessages({library(clubSandwich); library(jsonlite)})

n <- 360
i <- 0:(n - 1)
practice <- i %% 15
second <- as.numeric(practice >= 8)
x <- ((53 * i) %% 101) / 101
base <- ((29 * i) %% 83) / 20 + ((7 * practice) %% 15) / 10
y <- cbind(base,
           base * .6 + x + ((31 * i + 5) %% 89) / 22 + .3 * second,
           base * .5 + x + ((43 * i + 11) %% 97) / 24 + .5 * second,
           base * .5 + x + ((61 * i + 7) %% 79) / 20 + .5 * second)
for (k in 2:4) {
  gone <- ((17 * k * i + floor(i / 7)) %% 100) / 100 < .06 + (.05 + .04 * second) * y[, k - 1]
  y[gone | is.na(y[, k - 1]), k] <- NA
}
back <- i %% 45 == 3 & is.na(y[, 3])  # some come back after a gap
y[back, 4] <- 2 + x[back]

by_waves <- function(y, x, second) {
  chance <- rep(1, nrow(y))
  for (k in 2:4) {
    asked <- rowSums(is.na(y[, 1:(k - 1), drop = FALSE])) == 0
    chance[!asked] <- NA
    for (a in 0:1) {
      who <- asked & second == a
      d <- data.frame(r = !is.na(y[who, k]), x = x[who], y[who, 1:(k - 1), drop = FALSE])
      fit <- glm(r ~ ., binomial, d, control = list(epsilon = 1e-14, maxit = 100))
      chance[who] <- chance[who] * fitted(fit)
    }
  }
  chance
}
by_start <- function(y, x, second) {
  chance <- rep(NA, nrow(y))
  for (a in 0:1) {
    who <- second == a
    d <- data.frame(r = !is.na(y[who, 4]), x = x[who], b = y[who, 1])
    fit <- glm(r ~ ., binomial, d, control = list(epsilon = 1e-14, maxit = 100))
    chance[who] <- fitted(fit)
  }
  chance
}
weigh <- function(chance, y, second) {
  counted <- !is.na(y[, 4]) & !is.na(chance)
  share <- tapply(counted, second, mean)[as.character(second)]
  ifelse(counted, share / chance, 0)
}
fitted_difference <- function(y, x, second, practice, w) {
  d <- data.frame(y = y[, 4], a = second, b = y[, 1], x = x, g = practice, w = w)
  d <- d[!is.na(d$y) & d$w > 0, ]
  fit <- lm(y ~ a + b + x, d, weights = w)
  test <- coef_test(fit, vcovCR(fit, d$g, "CR2"), test = "Satterthwaite")
  list(estimate = unname(coef(fit)["a"]), std_error = test$SE[2], df = test$df_Satt[2], n = nrow(d))
}
jackknife <- function(chances) {
  point <- function(kept) {
    w <- weigh(chances(y[kept, ], x[kept], second[kept]), y[kept, ], second[kept])
    d <- data.frame(y = y[kept, 4], a = second[kept], b = y[kept, 1], x = x[kept], w = w)
    unname(coef(lm(y ~ a + b + x, d[!is.na(d$y) & d$w > 0, ], weights = w))["a"])
  }
  whole <- point(rep(TRUE, n))
  without <- sapply(0:14, function(g) point(practice != g))
  list(estimate = whole, std_error = sqrt(14 / 15 * sum((without - whole)^2)))
}
result <- list()
for (history in c("waves", "baseline")) {
  chances <- if (history == "waves") by_waves else by_start
  chance <- chances(y, x, second)
  w <- weigh(chance, y, second)
  result[[history]] <- list(chance = chance, weights = w,
    effective = as.vector(tapply(w, second, function(v) sum(v)^2 / sum(v^2))),
    weighted = fitted_difference(y, x, second, practice, w), jackknife = jackknife(chances))
}
result$complete <- fitted_difference(y, x, second, practice, rep(1, n))
lost <- as.numeric(is.na(y[, 4]))
d <- data.frame(lost, a = second, x, b = y[, 1], g = practice)
share <- lm(lost ~ a * x + a * b, d)
V <- vcovCR(share, d$g, "CR2")
test <- coef_test(share, V, test = "Satterthwaite")
joint <- Wald_test(share, constrain_zero(c("a:x", "a:b")), V, test = "HTZ")
odds <- glm(lost ~ a + x + b, binomial, d, control = list(epsilon = 1e-14))
result$loss <- list(
  share = list(term = names(coef(share)), estimate = unname(coef(share)), std_error = test$SE,
               df = test$df_Satt),
  joint = list(statistic = joint$Fstat, df = joint$df_num, df_denominator = joint$df_denom,
               p_value = joint$p_val),
  odds = as.list(coef(odds)))
cat(toJSON(list(
  versions = list(R = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich"))),
  data = list(practice = practice, second = second, x = x, scores = y),
  results = result), digits = NA, auto_unbox = TRUE, na = "null"), "\n")
