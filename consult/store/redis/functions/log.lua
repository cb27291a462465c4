-- The log -----------------------------------------------------------------------------------------------------------

-- store, consult, after, operation, epoch, number of deadlines, (critical, "1" or "0", at)..., entries...
local function append(keys, args)
  local base, consult, after = keys[1], args[2], tonumber(args[3])
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if redis.call('EXISTS', base .. ':void:' .. args[4]) == 1 then return {'void', 0} end
  local found = head_here(base, consult)
  if found ~= after or is_away(base, consult) then return {'conflict', found} end
  if epoch_of(base, consult) ~= args[5] then return {'fenced', found} end
  local count = tonumber(args[6])
  add(base, consult, after, args, 7 + 3 * count)
  if after == 0 then list(base, consult) end
  for i = 7, 4 + 3 * count, 3 do
    if args[i + 1] == '1' then
      redis.call('HSET', base .. ':deadlines', deadline(consult, args[i]), args[i + 2])
    else
      redis.call('HDEL', base .. ':deadlines', deadline(consult, args[i]))
    end
  end
  return {'stored', after}
end

-- store, consult, after, number of entries, operation: what is there behind `after`; the operation comes too late now
local function settle(keys, args)
  local base, consult, after = keys[1], args[2], tonumber(args[3])
  local wrong = check(base, args[1])
  if wrong then return wrong end
  redis.call('SET', base .. ':void:' .. args[5], '', 'EX', 3600)
  local found = {}
  local rows = redis.call('XRANGE', base .. ':log:' .. consult, (after + 1) .. '-1', '+', 'COUNT', args[4])
  for _, row in ipairs(rows) do found[#found + 1] = row[2][2] end
  return found
end

local function head(keys, args) return head_here(keys[1], args[1]) end

-- Also of one that is coming
local function head_stored(keys, args) return head_of(keys[1], args[1]) end

-- consult, after, most rows, most bytes
local function lines(keys, args)
  local base, consult, found, size = keys[1], args[1], {}, 0
  if is_away(base, consult) then return found end
  local rows = redis.call('XRANGE', base .. ':log:' .. consult, (args[2] + 1) .. '-1', '+', 'COUNT', args[3])
  for _, row in ipairs(rows) do
    local line = row[2][2]
    if #found > 0 and size + #line > tonumber(args[4]) then break end
    found[#found + 1], size = line, size + #line
  end
  return found
end

local function consults(keys)
  local found, base = {}, keys[1]
  for _, consult in ipairs(redis.call('ZRANGE', base .. ':consults', 0, -1)) do
    if not is_away(base, consult) then found[#found + 1] = consult end
  end
  return found
end

local function deadlines(keys)
  local found, base = {}, keys[1]
  local all = redis.call('HGETALL', base .. ':deadlines')
  for i = 1, #all, 2 do
    local count, rest = string.match(all[i], '^(%d+):(.*)$')
    local consult = string.sub(rest, 1, tonumber(count))
    if not is_away(base, consult) then
      found[#found + 1] = {consult, string.sub(rest, tonumber(count) + 1), all[i + 1]}
    end
  end
  return found
end

-- store, consult, seq, version, data
local function keep_state(keys, args)
  local base, consult, name = keys[1], args[2], keys[1] .. ':state:' .. args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if head_of(base, consult) < tonumber(args[3]) then return 0 end
  if tonumber(redis.call('HGET', name, 'seq') or '0') > tonumber(args[3]) then return 0 end
  redis.call('HSET', name, 'seq', args[3], 'version', args[4], 'data', args[5])
  return 1
end

local function state(keys, args)
  if is_away(keys[1], args[1]) then return {false, false, false} end
  return redis.call('HMGET', keys[1] .. ':state:' .. args[1], 'seq', 'version', 'data')
end

-- Deleting a consult --------------------------------------------------------------------------------------------------

-- store, consult, head, about
local function begin_deletion(keys, args)
  local base, consult = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local found = head_here(base, consult)
  if found ~= tonumber(args[3]) or found == 0 then return {'conflict', found} end
  redis.call('HSET', base .. ':away', consult, 'd' .. args[4])
  return {'stored', found}
end

local function deletions(keys)
  local found, all = {}, redis.call('HGETALL', keys[1] .. ':away')
  for i = 1, #all, 2 do
    if string.sub(all[i + 1], 1, 1) == 'd' then found[#found + 1] = {all[i], string.sub(all[i + 1], 2)} end
  end
  return found
end

local function delete_entries(keys, args)
  local base, consult = keys[1], args[1]
  if string.sub(redis.call('HGET', base .. ':away', consult) or '', 1, 1) ~= 'd' then return 0 end
  redis.call('UNLINK', base .. ':log:' .. consult, base .. ':state:' .. consult, base .. ':lease:' .. consult)
  redis.call('ZREM', base .. ':consults', consult)
  forget_deadlines(base, consult)
  return 1
end

local function end_deletion(keys, args)
  if string.sub(redis.call('HGET', keys[1] .. ':away', args[1]) or '', 1, 1) == 'd' then
    redis.call('HDEL', keys[1] .. ':away', args[1])
  end
  return 1
end

-- A consult that comes as a whole -------------------------------------------------------------------------------------

local function is_coming(base, consult, token) return redis.call('HGET', base .. ':away', consult) == 'r' .. token end

-- store, consult, token
local function begin_restore(keys, args)
  local base, consult = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local away = redis.call('HGET', base .. ':away', consult)
  if (away and string.sub(away, 1, 1) == 'd') or (not away and head_of(base, consult) > 0) then
    return {'conflict', head_here(base, consult)}
  end
  redis.call('HSET', base .. ':away', consult, 'r' .. args[3])
  redis.call('UNLINK', base .. ':log:' .. consult)
  return {'stored', 0}
end

-- store, consult, token, after, entries...
local function put_restored(keys, args)
  local base, consult, after = keys[1], args[2], tonumber(args[4])
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local found = head_of(base, consult)
  if not is_coming(base, consult, args[3]) then return {'conflict', 0} end
  if found ~= after then return {'conflict', found} end
  add(base, consult, after, args, 5)
  return {'stored', after}
end

-- store, consult, token, (critical, at)...
local function end_restore(keys, args)
  local base, consult = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if not is_coming(base, consult, args[3]) then
    return {is_away(base, consult) and 'conflict' or 'ended', head_here(base, consult)}
  end
  redis.call('HDEL', base .. ':away', consult)
  list(base, consult)
  for i = 4, #args, 2 do redis.call('HSET', base .. ':deadlines', deadline(consult, args[i]), args[i + 1]) end
  return {'stored', 0}
end

local function abandon_restore(keys, args)
  local base, consult = keys[1], args[2]
  if not is_coming(base, consult, args[3]) then return 0 end
  redis.call('UNLINK', base .. ':log:' .. consult)
  redis.call('HDEL', base .. ':away', consult)
  return 1
end

local function clear_restores(keys)
  local base, all = keys[1], redis.call('HGETALL', keys[1] .. ':away')
  for i = 1, #all, 2 do
    if string.sub(all[i + 1], 1, 1) == 'r' then
      redis.call('UNLINK', base .. ':log:' .. all[i])
      redis.call('HDEL', base .. ':away', all[i])
    end
  end
  return 1
end

register({}, {
  'append', append, 'settle', settle, 'keep_state', keep_state, 'begin_deletion', begin_deletion,
  'put_restored', put_restored, 'begin_restore', begin_restore, 'end_restore', end_restore,
})
-- What makes room, or must go on where there is none.
register({'allow-oom'}, {
  'delete_entries', delete_entries, 'end_deletion', end_deletion, 'abandon_restore', abandon_restore,
  'clear_restores', clear_restores,
})
register({'no-writes'}, {
  'head', head, 'head_stored', head_stored, 'lines', lines, 'consults', consults, 'deadlines', deadlines,
  'state', state, 'deletions', deletions,
})
