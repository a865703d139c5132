-- Posts the file that BENCH_BODY names and ends with one line of JSON, in the shape of LoadResult in load.mjs.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
wrk.body = file:read("*a")
file:close()

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"perSecond":%f,"p50Seconds":%f,"p99Seconds":%f,"failures":%d}',
    summary.requests,
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e6,
    latency:percentile(99) / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
