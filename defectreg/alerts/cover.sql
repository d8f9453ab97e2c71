-- Alerts of days of which the inventory does not say what the premises had.
--
-- said        day, premises, alerts, …                         see place.sql
-- doubtful    premises                                         those that may have such days
-- exposure    premises, first_day, last_day, …                 see exposure.sql
SELECT CAST(coalesce(sum(said.alerts), 0) AS BIGINT) AS uncovered
FROM said
JOIN doubtful ON doubtful.premises = said.premises
WHERE NOT EXISTS (
    SELECT 1 FROM exposure
    WHERE exposure.premises = said.premises
        AND said.day BETWEEN exposure.first_day AND exposure.last_day
);
