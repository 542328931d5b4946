//! fw_cfg (being written).
