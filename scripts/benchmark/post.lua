-- What wrk sends: distinct alerts from 4,096 documentation addresses, made of a template in a file.
--
--   wrk ... -s post.lua URL -- TEMPLATE TOKEN
--
-- When it is done it prints one line for a program: requests, microseconds, the 99th percentile of the answers' times
-- in microseconds, answers that were no success, broken connections.

local pieces = {}
local number

local function attacker(i)
    local nets = { [0] = "192.0.2.%d", "198.51.100.%d", "203.0.113.%d" }
    if i < 768 then return string.format(nets[math.floor(i / 256)], i % 256) end
    return string.format("2001:db8:0:%x::1", i)
end

function init(arguments)
    local file = assert(io.open(arguments[1]))
    local template = file:read("*a")
    file:close()
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["Authorization"] = "Bearer " .. arguments[2]
    math.randomseed(os.time())
    number = math.random(1000000) * 1000000
    for i = 0, 4095 do
        local alert = template:gsub("ADDRESS", attacker(i))
        local before, after = alert:match("^(.*)NUMBER(.*)$")
        pieces[i] = { before, after }
    end
end

function request()
    number = number + 1
    local piece = pieces[number % 4096]
    return wrk.format(nil, nil, nil, piece[1] .. string.format("%d", number) .. piece[2])
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("\nresult %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
