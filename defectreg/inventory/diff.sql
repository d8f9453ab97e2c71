-- Which ESME Variants disagree with what product and firmware imply, how, and why.
--
-- The question is that of the DCC's report in MP125; its method is not public, and this is ours.
-- One file: DuckDB runs it as it is, Spark through SQLGlot.
--
-- Reads   devices, asn, cpl, products   the tables of a snapshot: text, '' where nothing is given
--         pairs                         of any two of the 25 codes: recorded, implied, and the
--                                       functions missing and extra; shows_older 'yes' where the
--                                       recorded one is of the old nine and the implied one is not
--         proposed                      device_id, esme_variant: allowed corrections not yet seen
--         $smets_version                an expression whose first group is the number before the dot
-- Makes   judged        a row for each kind of ESME: its outcome
--         correctable   a row for each ESME that an SR8.4 may correct, with the cause
--         found         a row for each ESME that does not agree
-- Gives   part, name, model, firmware, outcome, devices, proposed: the summary


-- 1. ESMEs that are alike, and how many there are. Millions of Devices are thousands of these, so
--    that all that follows is about few rows, but for `correctable` and `found`.
CREATE TEMPORARY TABLE alike AS
WITH counted AS (
    SELECT
        device_status, manufacturer, model, firmware, esme_variant, base_letter,
        smets_version, region, supplier,
        count(*) AS devices
    FROM devices
    WHERE device_type = 'ESME'
    GROUP BY
        device_status, manufacturer, model, firmware, esme_variant, base_letter,
        smets_version, region, supplier
)
SELECT
    counted.*,
    CASE
        WHEN device_status = 'Commissioned' THEN 1
        WHEN device_status = 'InstalledNotCommissioned' THEN 2
        WHEN device_status = 'Whitelisted' THEN 3
        WHEN device_status IN
            ('Decommissioned', 'Withdrawn', 'Suspended', 'Recovery', 'Recovered') THEN 4
        WHEN device_status = 'Pending' THEN 5
        ELSE 6
    END AS place,
    upper(region) = 'SMETS1' AS is_smets1_region,
    regexp_matches(supplier, '^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}$') AS has_supplier
FROM counted;


-- 2. Kinds of ESME: all that a judgement depends on, each once. Of the statuses only whether the
--    Responsible Supplier may correct (1), nobody may (4), the installing Supplier may (5).
CREATE TEMPORARY TABLE kinds AS
SELECT DISTINCT
    manufacturer, model, firmware, esme_variant, base_letter, smets_version,
    CASE WHEN place <= 3 THEN 1 ELSE place END AS standing, is_smets1_region, has_supplier
FROM alike;


-- 3. What the product map implies for each product in its firmware. Two answers are none.
CREATE TEMPORARY TABLE implied AS
SELECT
    seen.manufacturer, seen.model, seen.firmware,
    min(upper(products.esme_variant)) AS variant,
    count(DISTINCT upper(products.esme_variant)) AS answers
FROM (SELECT DISTINCT manufacturer, model, firmware FROM kinds) AS seen
JOIN products
    ON upper(products.manufacturer) = upper(seen.manufacturer)
    AND upper(products.model) = upper(seen.model)
    AND upper(seen.firmware) BETWEEN upper(products.lowest) AND upper(products.highest)
WHERE upper(products.esme_variant) IN (SELECT recorded FROM pairs)
GROUP BY seen.manufacturer, seen.model, seen.firmware;


-- 4. What the Central Products List says of each: whether the firmware stands there too, and with
--    which SMETS versions ('SMETS V5.0' and '5.0' are one).
CREATE TEMPORARY TABLE listed AS
WITH entries AS (
    SELECT
        upper(manufacturer) AS manufacturer, upper(model) AS model, upper(firmware) AS firmware,
        trim(replace(replace(upper(smets_version), 'SMETS', ''), 'V', '')) AS smets
    FROM cpl
    WHERE device_type = 'ESME'
)
SELECT
    seen.manufacturer, seen.model, seen.firmware,
    max(CASE WHEN entries.firmware = upper(seen.firmware) THEN 'yes' ELSE 'no' END) AS with_firmware,
    min(CASE WHEN entries.firmware = upper(seen.firmware) THEN nullif(smets, '') END) AS smets,
    max(CASE WHEN entries.firmware = upper(seen.firmware) THEN nullif(smets, '') END) AS other_smets
FROM (SELECT DISTINCT manufacturer, model, firmware FROM kinds) AS seen
JOIN entries
    ON entries.manufacturer = upper(seen.manufacturer)
    AND entries.model = upper(seen.model)
GROUP BY seen.manufacturer, seen.model, seen.firmware;


-- 5. The facts of each kind that its judgement reads.
CREATE TEMPORARY TABLE facts AS
SELECT
    kinds.*,
    upper(kinds.esme_variant) AS recorded,
    coalesce(implied.variant, '') AS implied,
    coalesce(implied.answers, 0) AS answers,
    coalesce(pairs.missing, '') AS missing,
    coalesce(pairs.extra, '') AS extra,
    coalesce(pairs.shows_older, 'no') = 'yes' AS shows_older,
    upper(kinds.esme_variant) IN (SELECT recorded FROM pairs) AS is_code,
    regexp_matches(kinds.manufacturer, '^[0-9A-Fa-f]{4}$')
        AND regexp_matches(kinds.model, '^[0-9A-Fa-f]{8}$')
        AND regexp_matches(kinds.firmware, '^[0-9A-Fa-f]{8}$') AS is_well_formed,
    upper(kinds.base_letter) NOT IN ('', substr(upper(kinds.esme_variant), 1, 1)) AS is_other_base,
    upper(kinds.base_letter) NOT IN ('', substr(implied.variant, 1, 1)) AS implies_other_base,
    (SELECT count(*) FROM cpl WHERE device_type = 'ESME') > 0 AS has_list,
    coalesce(listed.with_firmware, '') AS listed,
    trim(replace(replace(upper(kinds.smets_version), 'SMETS', ''), 'V', ''))
        NOT IN ('', listed.smets, listed.other_smets) AS is_other_smets,
    NOT kinds.is_smets1_region
        AND try_cast(regexp_extract(kinds.smets_version, $smets_version, 1) AS INTEGER) >= 2
        AS is_smets2
FROM kinds
LEFT JOIN implied
    ON implied.manufacturer = kinds.manufacturer AND implied.model = kinds.model
    AND implied.firmware = kinds.firmware
LEFT JOIN listed
    ON listed.manufacturer = kinds.manufacturer AND listed.model = kinds.model
    AND listed.firmware = kinds.firmware
LEFT JOIN pairs
    ON pairs.recorded = upper(kinds.esme_variant) AND pairs.implied = implied.variant
    AND implied.answers = 1;


-- 6. The judgement: of these lines the first that holds. Fact before inference; whether it may be
--    corrected is asked only of what disagrees. `why` is finer than the outcome.
CREATE TEMPORARY TABLE reasons AS
SELECT
    facts.*,
    CASE
        WHEN standing = 6 THEN 'no-status'
        WHEN manufacturer = '' OR model = '' THEN 'no-product'
        WHEN firmware = '' THEN 'no-firmware'
        WHEN NOT is_well_formed THEN 'not-hexadecimal'
        WHEN recorded = '' THEN 'no-variant'
        WHEN NOT is_code THEN 'no-code'
        WHEN is_other_base THEN 'recorded-base'
        WHEN has_list AND listed = '' THEN 'model-not-listed'
        WHEN has_list AND listed = 'no' THEN 'firmware-not-listed'
        WHEN answers = 0 THEN 'no-entry'
        WHEN answers > 1 THEN 'map-contradicts'
        WHEN implies_other_base THEN 'implied-base'
        WHEN recorded = implied AND is_other_smets THEN 'other-smets-version'
        WHEN recorded = implied THEN 'agrees'
        WHEN standing = 4 THEN 'status'
        WHEN NOT is_smets2 THEN 'smets1'
        WHEN is_smets2 IS NULL THEN 'no-smets-version'
        WHEN NOT has_supplier THEN 'no-supplier'
        WHEN shows_older THEN 'old-system'
        ELSE 'differs'
    END AS why
FROM facts;


-- 7. The outcome of each kind. Of Pending ESMEs nothing is asked: their installing Supplier may
--    change any detail. Of those in another status only what disagrees is told: nobody may.
CREATE TEMPORARY TABLE judged AS
SELECT
    reasons.*,
    CASE
        WHEN why IN ('agrees', 'differs', 'old-system', 'no-code', 'no-entry') THEN why
        WHEN why IN ('recorded-base', 'implied-base') THEN 'base-letter'
        WHEN why IN ('model-not-listed', 'firmware-not-listed') THEN 'not-listed'
        WHEN why IN ('status', 'smets1', 'other-smets-version') THEN 'not-correctable'
        ELSE 'cannot-be-judged'
    END AS outcome,
    coalesce(
        why IN ('differs', 'old-system') OR (
            why IN ('no-code', 'recorded-base') AND answers = 1 AND NOT implies_other_base
            AND (listed = 'yes' OR NOT has_list) AND standing = 1 AND is_smets2 AND has_supplier
        ),
        FALSE
    ) AS is_correctable
FROM reasons
WHERE standing IN (1, 6) OR (standing = 4 AND why = 'status');


-- 8. Each ESME that an SR8.4 may correct, with the likeliest cause, of what the tables show.
CREATE TEMPORARY TABLE correctable AS
WITH chosen AS (
    SELECT
        devices.device_id, devices.device_status, devices.manufacturer, devices.model,
        devices.firmware, devices.esme_variant, devices.base_letter, devices.smets_version,
        devices.region, devices.supplier, devices.prenotified_by, devices.date_commissioned,
        devices.firmware_since,
        judged.recorded, judged.implied, judged.missing, judged.extra, judged.why, judged.outcome
    FROM devices
    JOIN judged
        ON judged.manufacturer = devices.manufacturer AND judged.model = devices.model
        AND judged.firmware = devices.firmware AND judged.esme_variant = devices.esme_variant
        AND judged.base_letter = devices.base_letter
        AND judged.smets_version = devices.smets_version
    -- What `judged` says of all of a kind, asked of each: see 1.
    WHERE judged.is_correctable AND devices.device_type = 'ESME'
        AND devices.device_status IN ('Commissioned', 'InstalledNotCommissioned', 'Whitelisted')
        AND upper(devices.region) <> 'SMETS1'
        AND devices.supplier IN (SELECT supplier FROM alike WHERE has_supplier)
),
shipped AS (
    -- The last shipment of each: a Device may have been sent back and out again.
    SELECT
        asn.device_id, upper(asn.esme_variant) AS esme_variant, upper(asn.firmware) AS firmware,
        row_number() OVER (
            PARTITION BY asn.device_id ORDER BY asn.ship_date DESC, asn.asn_id DESC, asn.line DESC
        ) AS age
    FROM asn
    WHERE asn.device_id IN (SELECT device_id FROM chosen)
),
mapped AS (
    SELECT DISTINCT
        upper(manufacturer) AS manufacturer, upper(model) AS model,
        upper(esme_variant) AS esme_variant
    FROM products
)
SELECT
    chosen.*,
    CASE
        WHEN why NOT IN ('differs', 'old-system') THEN why
        -- What is recorded was right in another firmware, and the firmware has changed.
        WHEN mapped.model IS NOT NULL AND (
            shipped.firmware NOT IN ('', upper(chosen.firmware))
            OR (chosen.date_commissioned <> ''
                AND chosen.firmware_since > substr(chosen.date_commissioned, 1, 10))
        ) THEN 'firmware-upgrade'
        WHEN shipped.esme_variant = chosen.recorded THEN 'asn'
        WHEN shipped.esme_variant <> '' THEN 'pre-notification'
        WHEN upper(chosen.prenotified_by) NOT IN ('', upper(chosen.supplier))
            THEN 'previous-supplier'
        ELSE 'not-known'
    END AS cause,
    CASE WHEN proposed.esme_variant <> chosen.recorded THEN proposed.esme_variant ELSE '' END
        AS proposed
FROM chosen
LEFT JOIN shipped
    ON shipped.device_id = chosen.device_id AND shipped.age = 1
LEFT JOIN mapped
    ON mapped.manufacturer = upper(chosen.manufacturer) AND mapped.model = upper(chosen.model)
    AND mapped.esme_variant = chosen.recorded
LEFT JOIN proposed
    ON proposed.device_id = chosen.device_id;


-- 9. The judgement of what is alike, and each ESME that does not agree.
CREATE TEMPORARY VIEW answered AS
SELECT
    alike.*,
    judged.implied, judged.missing, judged.extra, judged.why, judged.outcome, judged.is_correctable
FROM alike
JOIN judged
    ON judged.manufacturer = alike.manufacturer AND judged.model = alike.model
    AND judged.firmware = alike.firmware AND judged.esme_variant = alike.esme_variant
    AND judged.base_letter = alike.base_letter AND judged.smets_version = alike.smets_version
    AND judged.standing = CASE WHEN alike.place <= 3 THEN 1 ELSE alike.place END
    AND judged.is_smets1_region = alike.is_smets1_region
    AND judged.has_supplier = alike.has_supplier;

CREATE TEMPORARY VIEW found AS
SELECT
    device_id, device_status, manufacturer, model, firmware, esme_variant, implied, missing, extra,
    outcome, cause, proposed, region, supplier, smets_version, base_letter,
    'yes' AS correctable,
    CASE device_status WHEN 'Commissioned' THEN 1 WHEN 'Whitelisted' THEN 3 ELSE 2 END AS place
FROM correctable
UNION ALL
SELECT
    devices.device_id, answered.device_status, answered.manufacturer, answered.model,
    answered.firmware, answered.esme_variant, answered.implied, answered.missing, answered.extra,
    answered.outcome, answered.why AS cause, '' AS proposed, answered.region, answered.supplier,
    answered.smets_version, answered.base_letter, 'no' AS correctable, answered.place
FROM devices
JOIN answered
    ON answered.device_status = devices.device_status
    AND answered.manufacturer = devices.manufacturer AND answered.model = devices.model
    AND answered.firmware = devices.firmware AND answered.esme_variant = devices.esme_variant
    AND answered.base_letter = devices.base_letter
    AND answered.smets_version = devices.smets_version AND answered.region = devices.region
    AND answered.supplier = devices.supplier
WHERE devices.device_type = 'ESME' AND NOT answered.is_correctable AND answered.why <> 'agrees';


-- 10. The summary.
WITH counted AS (
    SELECT
        device_status, manufacturer, model, firmware, region, supplier, outcome, why AS cause,
        missing, extra, sum(devices) AS devices, 0 AS proposed
    FROM answered
    WHERE NOT is_correctable
    GROUP BY
        device_status, manufacturer, model, firmware, region, supplier, outcome, why,
        missing, extra
    UNION ALL
    SELECT
        device_status, manufacturer, model, firmware, region, supplier, outcome, cause,
        missing, extra, count(*) AS devices,
        sum(CASE WHEN proposed = implied THEN 1 ELSE 0 END) AS proposed
    FROM correctable
    GROUP BY
        device_status, manufacturer, model, firmware, region, supplier, outcome, cause,
        missing, extra
),
parts AS (
    SELECT 'cause' AS part, cause AS name, '' AS model, '' AS firmware, outcome, devices, proposed
    FROM counted
    UNION ALL
    SELECT 'missing', missing, '', '', outcome, devices, proposed FROM counted WHERE missing <> ''
    UNION ALL
    SELECT 'extra', extra, '', '', outcome, devices, proposed FROM counted WHERE extra <> ''
    UNION ALL
    SELECT 'status', device_status, '', '', outcome, devices, proposed FROM counted
    UNION ALL
    SELECT 'product', manufacturer, model, firmware, outcome, devices, proposed FROM counted
    UNION ALL
    SELECT 'supplier', supplier, '', '', outcome, devices, proposed FROM counted
    UNION ALL
    SELECT 'region', region, '', '', outcome, devices, proposed FROM counted
),
all_parts AS (
    SELECT part, name, model, firmware, outcome, devices, proposed FROM parts
    UNION ALL
    SELECT 'not-asked', device_status, '', '', '', alike.devices, 0
    FROM alike
    LEFT JOIN judged
        ON judged.manufacturer = alike.manufacturer AND judged.model = alike.model
        AND judged.firmware = alike.firmware AND judged.esme_variant = alike.esme_variant
        AND judged.base_letter = alike.base_letter AND judged.smets_version = alike.smets_version
        AND judged.standing = alike.place
        AND judged.is_smets1_region = alike.is_smets1_region
        AND judged.has_supplier = alike.has_supplier
    WHERE alike.place IN (4, 5) AND judged.why IS NULL
)
SELECT
    part, name, model, firmware, outcome,
    CAST(sum(devices) AS BIGINT) AS devices, CAST(sum(proposed) AS BIGINT) AS proposed
FROM all_parts
GROUP BY part, name, model, firmware, outcome
ORDER BY part, name, model, firmware, outcome;
