-- Nodes and leases ----------------------------------------------------------------------------------------------------

local FIELDS = {'incarnation', 'address', 'site', 'form', 'beat', 'load', 'leaving'}

local function is_incarnation(base, name, incarnation)
  return redis.call('HGET', base .. ':node:' .. name, 'incarnation') == incarnation
end

local function stands_still(had, incarnation, beat) return had[1] == incarnation and had[2] == beat end

-- store, name, incarnation, address, site, form, incarnation and beat that stood still: the beat of who has the name
local function join(keys, args)
  local base, name = keys[1], keys[1] .. ':node:' .. args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local had = redis.call('HMGET', name, 'incarnation', 'beat')
  if had[1] and had[1] ~= args[3] and not stands_still(had, args[7], args[8]) then return had[2] end
  redis.call('HSET', name, 'incarnation', args[3], 'address', args[4], 'site', args[5], 'form', args[6], 'beat', 0,
    'load', 0, 'leaving', 0)
  redis.call('SADD', base .. ':nodes', args[2])
  return false
end

-- store, name, incarnation, load, leaving: consults that others have taken from it, the nodes, the time
local function beat(keys, args)
  local base, name = keys[1], keys[1] .. ':node:' .. args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if not is_incarnation(base, args[2], args[3]) then return 'replaced' end
  redis.call('HINCRBY', name, 'beat', 1)
  redis.call('HSET', name, 'load', args[4], 'leaving', args[5])
  local lost, nodes = redis.call('SMEMBERS', base .. ':lost:' .. args[3]), {}
  local wanted = redis.call('SMEMBERS', base .. ':wanted:' .. args[3])
  redis.call('DEL', base .. ':lost:' .. args[3], base .. ':wanted:' .. args[3])
  for _, other in ipairs(redis.call('SMEMBERS', base .. ':nodes')) do
    local row = redis.call('HMGET', base .. ':node:' .. other, unpack(FIELDS))
    table.insert(row, 1, other)
    nodes[#nodes + 1] = row
  end
  return {lost, wanted, nodes, redis.call('TIME')}
end

local function leave(keys, args)
  local base = keys[1]
  if is_incarnation(base, args[2], args[3]) then
    redis.call('DEL', base .. ':node:' .. args[2])
    redis.call('SREM', base .. ':nodes', args[2])
  end
  return 1
end

-- store, name, incarnation, consult, form, incarnation and beat that stood still, whether there must be such a consult
local function take(keys, args)
  local base, consult, name = keys[1], args[4], keys[1] .. ':lease:' .. args[4]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if not is_incarnation(base, args[2], args[3]) then return 'replaced' end
  if args[8] == '1' and head_here(base, consult) == 0 then return {'unknown', 0, ''} end
  local lease = redis.call('HMGET', name, 'incarnation', 'epoch', 'form', 'node')
  if lease[1] == args[3] then return {'granted', lease[2], args[2]} end
  if tonumber(lease[3] or '0') > tonumber(args[5]) then return {'newer', 0, lease[4] or ''} end
  if lease[1] and lease[1] ~= '' then
    local had = redis.call('HMGET', base .. ':node:' .. lease[4], 'incarnation', 'beat')
    if had[1] == lease[1] and not stands_still(had, args[6], args[7]) then return {'held', 0, lease[4]} end
    redis.call('SADD', base .. ':lost:' .. lease[1], consult)
    redis.call('EXPIRE', base .. ':lost:' .. lease[1], 86400)
  end
  local epoch = redis.call('INCR', base .. ':epochs')
  redis.call('HSET', name, 'incarnation', args[3], 'node', args[2], 'form', args[5], 'epoch', epoch)
  return {'granted', epoch, args[2]}
end

-- store, consult
local function ask_for(keys, args)
  local wrong = check(keys[1], args[1])
  if wrong then return wrong end
  local holder = redis.call('HGET', keys[1] .. ':lease:' .. args[2], 'incarnation')
  if holder and holder ~= '' then
    redis.call('SADD', keys[1] .. ':wanted:' .. holder, args[2])
    redis.call('EXPIRE', keys[1] .. ':wanted:' .. holder, 60)
  end
  return 1
end

local function release(keys, args)
  local name = keys[1] .. ':lease:' .. args[4]
  if redis.call('HGET', name, 'incarnation') == args[3] then
    redis.call('HSET', name, 'incarnation', '', 'node', '')
  end
  return 1
end

register({}, {
  'join', join, 'take', take, 'ask_for', ask_for,
})
-- What must go on where there is no room.
register({'allow-oom'}, {
  'beat', beat, 'leave', leave, 'release', release,
})
