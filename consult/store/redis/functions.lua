-- What consult does in Redis in one step each. The first line, with the library's name, is put before by client.py: the
-- name holds the hash of this file, and each function ends with it, so that two releases live side by side.
--
-- Keys, all behind the base that each function is given as its one key:
--   store              hash: id of the store, proof of the key file that its nodes have
--   consults, order    sorted set of consults by their first entry, and its counter
--   log:CONSULT        stream; the id of an entry is SEQ-1
--   state:CONSULT      hash: seq, version, data of the folded state
--   deadlines          hash: length of the consult's id, the id, the critical result's id -> when, "" for never
--   away               hash: consult -> "d" and what its deletion is about, or "r" and the token of its restore
--   lease:CONSULT      hash: node and incarnation that have it, epoch, form of what it writes
--   nodes, node:NAME   set of names, hash of each; a beat that counts up says that it lives
--   lost:INCARNATION, wanted:INCARNATION    sets: consults that were taken from it, that another asks it for
--   void:OPERATION     what must not be stored any more, should it come still
--   files, file:N      hash: SOP instance -> N; hash of that file
--   studies, study:UID, series:KEY    sorted sets by N
--   derived, derived_names            hash, and its names in their order
--   audit, audit_head, audit_of:CONSULT    stream of rows, hash, list of rows' numbers

local function head_of(base, consult)
  local last = redis.call('XREVRANGE', base .. ':log:' .. consult, '+', '-', 'COUNT', 1)
  if #last == 0 then return 0 end
  return tonumber(string.match(last[1][1], '^%d+'))
end

local function is_away(base, consult) return redis.call('HEXISTS', base .. ':away', consult) == 1 end

local function head_here(base, consult)
  if is_away(base, consult) then return 0 end
  return head_of(base, consult)
end

local function epoch_of(base, consult) return redis.call('HGET', base .. ':lease:' .. consult, 'epoch') or '0' end

local function is_ours(base, store) return redis.call('HGET', base .. ':store', 'id') == store end

local function check(base, store)
  if not is_ours(base, store) then return redis.error_reply('OTHERSTORE this is another store than before') end
end

local function deadline(consult, critical) return string.format('%d:', #consult) .. consult .. critical end

local function add(base, consult, after, args, first)
  for i = first, #args do
    redis.call('XADD', base .. ':log:' .. consult, (after + 1 + i - first) .. '-1', 'e', args[i])
  end
end

local function list(base, consult)
  redis.call('ZADD', base .. ':consults', redis.call('INCR', base .. ':order'), consult)
end

local function forget_deadlines(base, consult)
  local begins = deadline(consult, '')
  for _, name in ipairs(redis.call('HKEYS', base .. ':deadlines')) do
    if string.sub(name, 1, #begins) == begins then redis.call('HDEL', base .. ':deadlines', name) end
  end
end

-- The store ---------------------------------------------------------------------------------------------------------

local function adopt(keys, args)
  local name = keys[1] .. ':store'
  if redis.call('EXISTS', name) == 0 then redis.call('HSET', name, 'id', args[1], 'key', args[2]) end
  return redis.call('HMGET', name, 'id', 'key')
end

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

local function end_restore(keys, args)
  local base, consult = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if not is_coming(base, consult, args[3]) then
    return {is_away(base, consult) and 'conflict' or 'ended', head_here(base, consult)}
  end
  redis.call('HDEL', base .. ':away', consult)
  list(base, consult)
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

-- The index -----------------------------------------------------------------------------------------------------------

-- store, (sop, file, study, series, modality, images, data)...
local function put_files(keys, args)
  local base, before = keys[1], {}
  local wrong = check(base, args[1])
  if wrong then return wrong end
  for i = 2, #args, 7 do
    local sop, study, series = args[i], args[i + 2], args[i + 3]
    local number = redis.call('HGET', base .. ':files', sop)
    if number then
      before[#before + 1] = redis.call('HGET', base .. ':file:' .. number, 'file')
    else
      number = redis.call('INCR', base .. ':file_number')
      redis.call('HSET', base .. ':files', sop, number)
      redis.call('HSET', base .. ':file:' .. number, 'sop', sop, 'file', args[i + 1], 'study', study, 'series', series,
        'modality', args[i + 4], 'images', args[i + 5], 'data', args[i + 6])
      redis.call('ZADD', base .. ':studies', 'NX', number, study)
      redis.call('ZADD', base .. ':study:' .. study, number, number)
      redis.call('ZADD', base .. ':series:' .. series, number, number)
      redis.call('HINCRBY', base .. ':counts:' .. study, 'i', args[i + 5])
      redis.call('HINCRBY', base .. ':counts:' .. study, 's' .. series, 1)
      redis.call('HINCRBY', base .. ':counts:' .. study, 'm' .. args[i + 4], 1)
      before[#before + 1] = ''
    end
  end
  return before
end

local function drop_file(base, sop)
  local number = redis.call('HGET', base .. ':files', sop)
  if not number then return end
  local file = redis.call('HMGET', base .. ':file:' .. number, 'study', 'series', 'modality', 'images')
  local study, counts = file[1], base .. ':counts:' .. file[1]
  redis.call('HDEL', base .. ':files', sop)
  redis.call('UNLINK', base .. ':file:' .. number)
  redis.call('ZREM', base .. ':study:' .. study, number)
  redis.call('ZREM', base .. ':series:' .. file[2], number)
  redis.call('HINCRBY', counts, 'i', -file[4])
  for _, name in ipairs({'s' .. file[2], 'm' .. file[3]}) do
    if redis.call('HINCRBY', counts, name, -1) == 0 then redis.call('HDEL', counts, name) end
  end
  local first = redis.call('ZRANGE', base .. ':study:' .. study, 0, 0)
  if #first == 0 then
    redis.call('ZREM', base .. ':studies', study)
    redis.call('UNLINK', counts)
  else
    redis.call('ZADD', base .. ':studies', first[1], study)
  end
end

local function delete_files(keys, args)
  local wrong = check(keys[1], args[1])
  if wrong then return wrong end
  for i = 2, #args do drop_file(keys[1], args[i]) end
  return 1
end

-- "study" or "series", its name, after which number, most rows, most bytes: the last number, and the records
local function records(keys, args)
  local base, found, size, last = keys[1], {}, 0, args[3]
  local name = base .. ':' .. args[1] .. ':' .. args[2]
  for _, number in ipairs(redis.call('ZRANGE', name, '(' .. args[3], '+inf', 'BYSCORE', 'LIMIT', 0, args[4])) do
    local data = redis.call('HGET', base .. ':file:' .. number, 'data')
    if #found > 0 and size + #data > tonumber(args[5]) then break end
    found[#found + 1], size, last = data, size + #data, number
  end
  return {last, found}
end

-- after which number, how many: of each study its number, uid, the record of its first file, and its counts
local function studies(keys, args)
  local base, found = keys[1], {}
  local rows = redis.call('ZRANGE', base .. ':studies', '(' .. args[1], '+inf', 'BYSCORE', 'LIMIT', 0, args[2])
  for _, study in ipairs(rows) do
    local first = redis.call('ZRANGE', base .. ':study:' .. study, 0, 0)[1]
    found[#found + 1] = {first, study, redis.call('HGET', base .. ':file:' .. first, 'data'),
      redis.call('HGETALL', base .. ':counts:' .. study)}
  end
  return found
end

-- store, (name, data)...
local function put_derived(keys, args)
  local wrong = check(keys[1], args[1])
  if wrong then return wrong end
  for i = 2, #args, 2 do
    redis.call('HSET', keys[1] .. ':derived', args[i], args[i + 1])
    redis.call('ZADD', keys[1] .. ':derived_names', 0, args[i])
  end
  return 1
end

-- store, prefixes...
local function delete_derived(keys, args)
  local base = keys[1]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  for i = 2, #args do
    local names = redis.call('ZRANGE', base .. ':derived_names', '[' .. args[i], '(' .. args[i] .. '\255', 'BYLEX')
    for _, name in ipairs(names) do
      redis.call('HDEL', base .. ':derived', name)
      redis.call('ZREM', base .. ':derived_names', name)
    end
  end
  return 1
end

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
    redis.call('XADD', base .. ':audit', count .. '-1', 'record', args[i + 1], 'former', args[i + 2], 'hash', args[i + 3])
    redis.call('RPUSH', base .. ':audit_of:' .. args[i], count)
    redis.call('HSET', base .. ':audit_head', 'count', count, 'hash', args[i + 3])
  end
  return {'stored', count}
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
  local epoch = redis.call('HINCRBY', name, 'epoch', 1)
  redis.call('HSET', name, 'incarnation', args[3], 'node', args[2], 'form', args[5])
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

local function register(flags, functions)
  for i = 1, #functions, 2 do
    local name = functions[i] .. '_' .. VERSION
    redis.register_function{function_name = name, callback = functions[i + 1], flags = flags}
  end
end
register({}, {
  'adopt', adopt, 'append', append, 'settle', settle, 'keep_state', keep_state, 'begin_deletion', begin_deletion,
  'put_restored', put_restored, 'begin_restore', begin_restore, 'end_restore', end_restore, 'put_files', put_files,
  'put_derived', put_derived, 'audit_append', audit_append, 'join', join, 'take', take,
  'ask_for', ask_for,
})
-- What makes room, or must go on where there is none.
register({'allow-oom'}, {
  'delete_entries', delete_entries, 'end_deletion', end_deletion, 'abandon_restore', abandon_restore,
  'beat', beat, 'leave', leave, 'release', release, 'clear_restores', clear_restores, 'delete_files', delete_files, 'delete_derived', delete_derived,
})
register({'no-writes'}, {
  'head', head, 'head_stored', head_stored, 'lines', lines, 'consults', consults, 'deadlines', deadlines,
  'state', state, 'deletions', deletions, 'records', records, 'studies', studies, 'audit_records', audit_records,
})
