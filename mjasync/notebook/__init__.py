"""What a notebook shows of jobs: values in, HTML out. It knows no kernel, no clock and no job."""
