# Smoking relapse by arm, and weekly employment after prison: survfit, survdiff, coxph, cox.zph.
# Run from this folder: Rscript retention_trials.R > ../retention_trials.json
suppressMessages({library(survival); library(jsonlite)})
folder <- "../../../analyses"
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
fitted <- function(f) {
  s <- summary(f)
  ci <- confint(f)
  list(n = f$n, events = f$nevent, estimate = unname(coef(f)),
       std_error = unname(sqrt(diag(vcov(f)))), conf_low = unname(ci[, 1]),
       conf_high = unname(ci[, 2]), p_value = unname(s$coefficients[, "Pr(>|z|)"]))
}
tested <- function(f) {
  z <- cox.zph(f)$table
  list(term = rownames(z), statistic = unname(z[, "chisq"]), df = unname(z[, "df"]),
       p_value = unname(z[, "p"]))
}

# Smoking.
d <- read.csv(file.path(folder, "smoking_relapse", "pharmacosmoking.csv"))
d$grp <- factor(d$grp, levels = c("patchOnly", "combination"))
curves <- survfit(Surv(ttr, relapse) ~ grp, data = d, conf.type = "log-log")
days <- c(0, 14, 28, 60, 90, 120, 150, 180)
at <- summary(curves, times = days)
horizon <- 182
means <- summary(curves, rmean = horizon)$table
difference <- means[2, "rmean"] - means[1, "rmean"]
error <- sqrt(sum(means[, "se(rmean)"]^2))
limits <- difference + c(-1, 1) * qnorm(.975) * error
rank <- survdiff(Surv(ttr, relapse) ~ grp, data = d)
smoking <- coxph(Surv(ttr, relapse) ~ grp + age + employment, data = d, control = control)

# Employment after prison: one row for each person and week at risk.
people <- read.csv(file.path(folder, "recidivism", "rossi.csv"), stringsAsFactors = FALSE)
people$race <- factor(people$race, levels = c("other", "black"))
people$mar <- factor(people$mar, levels = c("not married", "married"))
weeks <- as.matrix(people[, paste0("emp", 1:52)]) == "yes"
rows <- people[rep(seq_len(nrow(people)), people$week), !grepl("^emp", names(people))]
rows$stop <- sequence(people$week)
rows$start <- rows$stop - 1
rows$event <- as.numeric(rows$stop == rows$week & rows$arrest == 1)
who <- rep(seq_len(nrow(people)), people$week)
rows$same <- as.numeric(weeks[cbind(who, rows$stop)])
rows$before <- NA
later <- rows$stop > 1
rows$before[later] <- as.numeric(weeks[cbind(who[later], rows$stop[later] - 1)])
half <- 26
rows$young <- rows$age * (rows$stop <= half)
rows$old <- rows$age * (rows$stop > half)
cox <- function(formula) coxph(formula, data = rows, control = control)
same <- cox(Surv(start, stop, event) ~ fin + age + race + wexp + mar + paro + prio + same)
before <- cox(Surv(start, stop, event) ~ fin + age + race + wexp + mar + paro + prio + before)
halves <- cox(Surv(start, stop, event) ~ fin + young + old + race + mar + paro + prio + before +
                strata(wexp))

cat(toJSON(list(
  name = "retention_trials",
  data = c("analyses/smoking_relapse/pharmacosmoking.csv", "analyses/recidivism/rossi.csv"),
  md5 = unname(tools::md5sum(file.path(folder, c("smoking_relapse/pharmacosmoking.csv",
                                                 "recidivism/rossi.csv")))),
  r_version = R.version.string,
  packages = list(survival = as.character(packageVersion("survival"))),
  smoking = list(
    days = days, day_0 = sum(d$ttr == 0 & d$relapse == 1),
    curve = list(group = as.character(at$strata), day = at$time, at_risk = at$n.risk,
                 estimate = at$surv, std_error = at$std.err, conf_low = at$lower,
                 conf_high = at$upper),
    median = list(estimate = unname(means[, "median"]), conf_low = unname(means[, "0.95LCL"]),
                  conf_high = unname(means[, "0.95UCL"])),
    mean = list(horizon = horizon, estimate = unname(means[, "rmean"]),
                std_error = unname(means[, "se(rmean)"])),
    difference = list(estimate = unname(difference), std_error = error, conf_low = limits[1],
                      conf_high = limits[2]),
    log_rank = list(statistic = rank$chisq, p_value = pchisq(rank$chisq, 1, lower.tail = FALSE),
                    observed = rank$obs, expected = rank$exp),
    cox = fitted(smoking), proportional = tested(smoking)),
  prison = list(
    rows = nrow(rows), people = nrow(people), half = half, same = fitted(same),
    before = fitted(before), proportional_same = tested(same),
    proportional_before = tested(before), halves = fitted(halves),
    proportional_halves = tested(halves))),
  auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE))
cat("\n")
