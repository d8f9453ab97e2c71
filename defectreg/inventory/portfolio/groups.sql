-- The installed combinations that are alike in what matters, each once, and how many there are.
--
-- Reads   groups    what is alike in everything, as a snapshot has it
--         kinds     place, from 0 on, of each Device that differs; hub, what it says of a
--                   Communications Hub, as a number; matters, 'yes' or 'no'
-- Gives   places    of the kinds that matter, separated by blanks, sorted
--         region, hub, is_premises, combinations, regrouped
WITH told AS (
    SELECT
        list(matters = 'yes' ORDER BY CAST(place AS INTEGER)) AS matters,
        list(CAST(hub AS INTEGER) ORDER BY CAST(place AS INTEGER)) AS hubs
    FROM kinds
),
looked_for AS (
    SELECT
        list_filter(groups.places, lambda place: told.matters[place + 1]) AS places,
        groups.region,
        list_max(list_transform(groups.places, lambda place: told.hubs[place + 1])) AS hub,
        groups.is_premises, groups.combinations, groups.regrouped
    FROM groups, told
)
SELECT
    array_to_string(places, ' ') AS places, region, hub, is_premises,
    sum(combinations) AS combinations, sum(regrouped) AS regrouped
FROM looked_for
GROUP BY places, region, hub, is_premises;
