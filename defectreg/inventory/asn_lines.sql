-- What the inventory knows of each line of an ASN, in the order of its lines.
--
-- Tables: lines (the ASN that is checked, its Devices numbered from 1), devices, asn, cpl, products;
-- one that was never loaded is empty. Texts are compared without regard to case; what one side does
-- not give is no difference.
-- Columns: those of the line; first_line and copies (where its Device ID stands first, and how often
-- it does); implied (the ESME Variants of the product map, with spaces between); on_list and
-- cpl_statuses (whether the product is on the list, and its statuses); device_status and differing
-- (of the inventory, null where it has no such Device); asn_id, asn_line and asn_differing (of the
-- first earlier ASN that says otherwise, null where none does).

WITH once AS (
    SELECT upper(device_id) AS device_id, arg_min(line, number) AS first_line, count(*) AS copies
    FROM lines
    GROUP BY upper(device_id)
),
product AS (
    SELECT DISTINCT
        device_type,
        upper(manufacturer) AS manufacturer,
        upper(model) AS model,
        upper(firmware) AS firmware
    FROM lines
),
implied AS (
    SELECT
        product.manufacturer, product.model, product.firmware,
        string_agg(DISTINCT products.esme_variant, ' ' ORDER BY products.esme_variant) AS variants
    FROM product
    JOIN products
        ON upper(products.manufacturer) = product.manufacturer
        AND upper(products.model) = product.model
        AND (
            products.firmware = ''
            OR upper(products.firmware) = product.firmware
            OR (
                length(product.firmware) = 8
                AND product.firmware BETWEEN products.lowest AND products.highest
            )
        )
    WHERE product.device_type = 'ESME'
    GROUP BY product.manufacturer, product.model, product.firmware
),
listed AS (
    SELECT
        product.device_type, product.manufacturer, product.model, product.firmware,
        string_agg(DISTINCT cpl.cpl_status, ' ' ORDER BY cpl.cpl_status) AS statuses
    FROM product
    JOIN cpl
        ON upper(cpl.manufacturer) = product.manufacturer
        AND upper(cpl.model) = product.model
        AND upper(cpl.firmware) = product.firmware
        AND (
            cpl.device_type IN ('', product.device_type)
            OR (cpl.device_type IN ('CHF', 'GPF') AND product.device_type IN ('CHF', 'GPF'))
        )
    GROUP BY product.device_type, product.manufacturer, product.model, product.firmware
),
seen AS (
    SELECT
        device_id, '' AS asn_id, 0 AS asn_line, device_status,
        device_type, manufacturer, model, firmware, smets_version, esme_variant
    FROM devices
    UNION ALL
    SELECT
        device_id, asn_id, CAST(line AS BIGINT) AS asn_line, NULL AS device_status,
        device_type, manufacturer, model, firmware, smets_version, esme_variant
    FROM asn
),
met AS (
    SELECT
        lines.number, seen.asn_id, seen.asn_line, seen.device_status,
        concat_ws(' ',
            CASE WHEN upper(seen.device_type) <> upper(lines.device_type)
                AND '' NOT IN (seen.device_type, lines.device_type) THEN 'device_type' END,
            CASE WHEN upper(seen.manufacturer) <> upper(lines.manufacturer)
                AND '' NOT IN (seen.manufacturer, lines.manufacturer) THEN 'manufacturer' END,
            CASE WHEN upper(seen.model) <> upper(lines.model)
                AND '' NOT IN (seen.model, lines.model) THEN 'model' END,
            CASE WHEN upper(seen.firmware) <> upper(lines.firmware)
                AND '' NOT IN (seen.firmware, lines.firmware) THEN 'firmware' END,
            CASE WHEN upper(seen.smets_version) <> upper(lines.smets_version)
                AND '' NOT IN (seen.smets_version, lines.smets_version) THEN 'smets_version' END,
            CASE WHEN upper(seen.esme_variant) <> upper(lines.esme_variant)
                AND '' NOT IN (seen.esme_variant, lines.esme_variant) THEN 'esme_variant' END
        ) AS differing
    FROM lines
    JOIN seen ON seen.device_id = upper(lines.device_id)
),
known AS (
    SELECT number, min(device_status) AS device_status, min(differing) AS differing
    FROM met
    WHERE device_status IS NOT NULL
    GROUP BY number
),
earlier AS (
    SELECT number, asn_id, asn_line, differing
    FROM (
        SELECT *, row_number() OVER (PARTITION BY number ORDER BY asn_id, asn_line) AS place
        FROM met
        WHERE device_status IS NULL AND differing <> ''
    ) ranked
    WHERE place = 1
)
SELECT
    lines.number, lines.line, lines.reject, lines.device_id, lines.device_type, lines.manufacturer, lines.model,
    lines.firmware, lines.smets_version, lines.esme_variant,
    once.first_line, once.copies,
    implied.variants AS implied,
    listed.statuses IS NOT NULL AS on_list, listed.statuses AS cpl_statuses,
    known.device_status, known.differing,
    earlier.asn_id, earlier.asn_line, earlier.differing AS asn_differing
FROM lines
JOIN once ON once.device_id = upper(lines.device_id)
LEFT JOIN implied
    ON implied.manufacturer = upper(lines.manufacturer)
    AND implied.model = upper(lines.model)
    AND implied.firmware = upper(lines.firmware)
LEFT JOIN listed
    ON listed.device_type = lines.device_type
    AND listed.manufacturer = upper(lines.manufacturer)
    AND listed.model = upper(lines.model)
    AND listed.firmware = upper(lines.firmware)
LEFT JOIN known ON known.number = lines.number
LEFT JOIN earlier ON earlier.number = lines.number
ORDER BY lines.number
