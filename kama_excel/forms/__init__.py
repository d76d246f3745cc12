"""様式: the workbook that a department fills in. One layout, read by its writer and its reader."""
