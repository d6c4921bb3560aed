module cs_scale_out

go 1.19
