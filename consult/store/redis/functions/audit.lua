-- The audit trail -----------------------------------------------------------------------------------------------------

-- store, count and hash of the head that they follow, (consult, record, former, hash)...
local function audit_append(keys, args)
  local base = keys[1]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local head = redis.call('HMGET', base .. ':audit_head', 'count', 'hash')
  if (head[1] or '0') ~= args[2] or (head[2] or args[3]) ~= args[3] then return {'conflict', 0} end
  local count = tonumber(args[2])
  for i = 4, #args, 4 do
    count = count + 1
    redis.call('XADD', base .. ':audit', count .. '-1', 'record', args[i + 1], 'former', args[i + 2],
      'hash', args[i + 3])
    redis.call('RPUSH', base .. ':audit_of:' .. args[i], count)
    redis.call('HSET', base .. ':audit_head', 'count', count, 'hash', args[i + 3])
  end
  return {'stored', count}
end

-- store, count and hash of the head, (number, consult, record, former, hash)...: as they are in another trail
local function audit_take_over(keys, args)
  local base = keys[1]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  for i = 4, #args, 5 do
    redis.call('XADD', base .. ':audit', args[i] .. '-1', 'record', args[i + 2], 'former', args[i + 3],
      'hash', args[i + 4])
    redis.call('RPUSH', base .. ':audit_of:' .. args[i + 1], args[i])
  end
  redis.call('HSET', base .. ':audit_head', 'count', args[2], 'hash', args[3])
  return 1
end

-- consult, first place of its list, how many
local function audit_records(keys, args)
  local base, found = keys[1], {}
  local from = tonumber(args[2])
  for _, number in ipairs(redis.call('LRANGE', base .. ':audit_of:' .. args[1], from, from + args[3] - 1)) do
    local row = redis.call('XRANGE', base .. ':audit', number .. '-1', number .. '-1')[1]
    found[#found + 1] = row and row[2][2] or ''
  end
  return found
end

register({}, {
  'audit_append', audit_append, 'audit_take_over', audit_take_over,
})
register({'no-writes'}, {
  'audit_records', audit_records,
})
