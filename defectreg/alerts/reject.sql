-- Where rows of a log stand that are not counted, and why.
--
-- judged        place, alert_code, why, …      see gather.sql
-- wrong_codes   text                           what stands in the log for an alert code, and is none
-- $wrong        what is said of those
SELECT place, CASE WHEN why = '' THEN $wrong ELSE why END AS why
FROM judged
WHERE why <> '' OR alert_code IN (SELECT text FROM wrong_codes);
