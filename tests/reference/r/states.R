# Writes tests/reference/states.json: contacts until leaving, and stays in states, of made people.
# Rscript tests/reference/r/states.R tests/reference/states.json
suppressMessages({library(survival); library(mets); library(jsonlite)})
by_practice <- function(influence, practice) {
  sqrt(colSums(rowsum(as.matrix(influence), practice)^2))
}

# ---- Contacts, person by person: nothing is shared with the counting of the package.
n <- 120
i <- 0:(n - 1)
end <- (7 * i + i %/% 11) %% 41
left <- as.integer((i^2 + i %/% 5) %% 3 > 0)
practice <- i %% 9
contact_days <- lapply(i, function(p) {
  days <- (p %% 7) + (0:9) * (3 + p %% 4)
  sort(c(if (p %% 5 == 0) rep(p %% 7, 2), days[days <= end[p + 1]]))
})
contact_days <- Map(function(days, e) days[days <= e], contact_days, end)
minutes <- lapply(contact_days, function(days) 10 + (days * 3) %% 25)
at <- c(5, 15, 25, 35)

mean_contacts <- function(w, values, day) {
  mu <- 0
  engaged <- 1
  for (s in 0:day) {
    here <- end >= s
    if (sum(w[here]) == 0) break
    made <- sapply(seq_len(n), function(p) sum(values[[p]][contact_days[[p]] == s]))
    mu <- mu + engaged * sum(w * made) / sum(w[here])
    engaged <- engaged * (1 - sum(w[end == s & left == 1]) / sum(w[here]))
  }
  mu
}
ones <- lapply(contact_days, function(days) rep(1, length(days)))
# What a person adds: the slope of the estimate in the person's weight, by two small steps.
slopes <- function(values, day) sapply(seq_len(n), function(p) {
  step <- replace(numeric(n), p, 1e-4)
  (mean_contacts(1 + step, values, day) - mean_contacts(1 - step, values, day)) / 2e-4
})
jackknife <- function(values, day) {
  each <- sapply(unique(practice), function(g) mean_contacts(+(practice != g), values, day))
  G <- length(each)
  sqrt((G - 1) / G * sum((each - mean(each))^2))
}
contacts <- lapply(list(count = ones, minutes = minutes), function(values) {
  influence <- sapply(at, function(day) slopes(values, day))
  list(
    estimate = sapply(at, function(day) mean_contacts(rep(1, n), values, day)),
    influence = t(influence),
    std_error = sqrt(colSums(influence^2)),
    practice_error = by_practice(influence, practice),
    practice_jackknife = sapply(at, function(day) jackknife(values, day))
  )
})

# The variance as Ghosh & Lin wrote it: endings over those at risk, person by person.
ghosh_lin <- function(day) {
  Y <- sapply(0:day, function(s) sum(end >= s))
  made <- t(sapply(contact_days, function(d) tabulate(factor(d, 0:day), day + 1)))
  gone <- t(sapply(seq_len(n), function(p) left[p] * (end[p] == 0:day)))
  here <- outer(end, 0:day, ">=")
  S <- cumprod(c(1, 1 - colSums(gone) / Y))[seq_len(day + 1)]
  dR <- colSums(made) / Y
  dH <- colSums(gone) / Y
  mu <- cumsum(S * dR)
  dM <- made - here * rep(dR, each = n)
  dMD <- gone - here * rep(dH, each = n)
  psi <- dM %*% (S / Y) - dMD %*% ((mu[day + 1] - mu) / Y)
  sqrt(sum(psi^2))
}

# mets needs its own order within a day: contacts by their number, endings, those last seen.
# The day 0 begins above 0.
spread <- function(p) {
  d <- contact_days[[p]]
  d + 1 + seq_along(d) / 1000 + p * 1e-6
}
ends_at <- end + 1.5 + .1 * (left == 0) + i * 1e-6
long <- do.call(rbind, lapply(seq_len(n), function(p) {
  times <- c(spread(p), ends_at[p])
  k <- length(times)
  data.frame(id = p, start = c(0, times[-k]), stop = times,
             contact = c(rep(1, k - 1), 0), death = c(rep(0, k - 1), left[p]))
}))
recurrent <- phreg(Surv(start, stop, contact) ~ cluster(id), data = long)
death <- phreg(Surv(start, stop, death) ~ cluster(id), data = long)
gl <- suppressWarnings(recurrentMarginal(recurrent, death))
place <- findInterval(at + 1.4999, gl$times)

# Nelson's, without endings: the cumulative hazard of survival with the person as id.
nelson_fit <- survfit(Surv(start, stop, contact) ~ 1, id = id, data = long)
nelson <- summary(nelson_fit, times = at + 1.4999)
nelson_at <- findInterval(at + 1.4999, nelson_fit$time)

# ---- Stays in states: 1 referred, 2 engaged, 3 paused, 4 completed, 5 dropped out.
states <- c("referred", "engaged", "paused", "completed", "dropped out")
stays <- do.call(rbind, lapply(0:199, function(p) {
  state <- if (p %% 6 == 0) 2 else 1
  day <- 0
  rows <- NULL
  for (k in 1:6) {
    x <- (31 * p + 17 * k + p %/% 7 + k * p) %% 29
    stay <- 2 + x %% 12
    pick <- (p + 3 * k + x) %% 7
    to <- if (state == 1) c(2, 2, 2, 5, 2, 0, 2)[pick + 1]
          else if (state == 2) c(3, 4, 3, 5, 0, 4, 3)[pick + 1]
          else c(2, 2, 5, 2, 0, 2, 4)[pick + 1]
    rows <- rbind(rows, data.frame(person = p, entered = day, left = day + stay,
                                   from = state, to = to))
    day <- day + stay
    if (to %in% c(0, 4, 5)) break
    state <- to
  }
  rows
}))
where <- function(p) p %% 11
days <- c(3, 10, 20, 30, 45)
occupied <- function(data) {
  data$event <- factor(data$to, 0:5, c("seen", states))
  data$state <- factor(data$from, 1:5, states)
  fit <- survfit(Surv(entered, left, event) ~ 1, data = data, id = person, istate = state,
                 influence = TRUE)
  stopifnot(identical(as.character(fit$states), states))
  row <- findInterval(days, fit$time)
  who <- where(sort(unique(data$person)))
  full <- fit$influence.pstate  # person, time (the start first), state
  list(
    start = unname(fit$p0),
    estimate = fit$pstate[row, ], std_error = fit$std.err[row, ],
    practice_error = t(sapply(row, function(r) by_practice(full[, r + 1, ], who))),
    days_40 = unname(summary(fit, rmean = 40)$table[, "rmean"]),
    days_40_error = {
      on <- findInterval(0:39, fit$time)
      sqrt(colSums(apply(full[, on + 1, ], c(1, 3), sum)^2))
    },
    days_40_practice = {
      on <- findInterval(0:39, fit$time)
      by_practice(apply(full[, on + 1, ], c(1, 3), sum), who)
    }
  )
}
late <- stays  # every fourth person comes into view only after some days
late$shift <- ifelse(late$person %% 4 == 3, 1 + late$person %% 5, 0)
late$entered <- late$entered + late$shift
late$left <- late$left + late$shift

write_json(list(
  name = "states",
  data = "made by arithmetic: see tests/reference/r/states.R",
  r_version = R.version.string,
  packages = list(survival = as.character(packageVersion("survival")),
                  mets = as.character(packageVersion("mets"))),
  contacts = list(
    end = end, left = left, practice = practice,
    person = rep(i, lengths(contact_days)), day = unlist(contact_days),
    minutes_of_contact = unlist(minutes), at = at,
    count = contacts$count, minutes = contacts$minutes,
    ghosh_lin_formula = sapply(at, ghosh_lin),
    mets_estimate = gl$mu[place], mets_error = gl$se.mu[place],
    nelson = nelson$cumhaz, nelson_error = nelson_fit$std.chaz[nelson_at]
  ),
  stays = list(
    states = states, rows = as.list(stays), late_rows = as.list(late[names(stays)]),
    days = days, from_day_0 = occupied(stays), late = occupied(late)
  )
), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)
