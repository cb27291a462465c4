-- What consult does in Redis in one step each. The files of this folder are one library: client.py puts them together,
-- this one first, and before them a line with the library's name, which holds the hash of all; each function ends with
-- it, so that two releases live side by side.
--
-- Keys, all behind the base that each function is given as its one key:
--   store              hash: id of the store, proof of the key file that its nodes have
--   consults, order    sorted set of consults by their first entry, and its counter
--   log:CONSULT        stream; the id of an entry is SEQ-1
--   state:CONSULT      hash: seq, version, data of the folded state
--   deadlines          hash: length of the consult's id, the id, the critical result's id -> when, "" for never
--   away               hash: consult -> "d" and what its deletion is about, or "r" and the token of its restore
--   lease:CONSULT      hash: node and incarnation that have it, epoch, form of what it writes
--   epochs             counter of all leases: none has an epoch again, also where its consult was deleted and came back
--   nodes, node:NAME   set of names, hash of each; a beat that counts up says that it lives
--   lost:INCARNATION, wanted:INCARNATION    sets: consults that were taken from it, that another asks it for
--   trial              written to see whether anything is taken
--   void:OPERATION     what must not be stored any more, should it come still
--   files, file:N      hash: SOP instance -> N; hash of that file
--   studies, study:UID, series:KEY    sorted sets by N
--   derived, derived_names            hash, and its names in their order
--   user:NAME          hash: full_name, title, subject, created_at, password (its hash)
--   users              sorted set of their names, in order
--   subjects           hash: subject -> name
--   sign_in:ID         hash: proof, user, way, browser, address, began_at, used_at
--   proofs             hash: proof -> ID
--   sign_ins_used, sign_ins_began    sorted sets of IDs by when, of all; sign_ins_of:USER of one by when they were used
--   launches           sorted set of signatures by until when they would be valid; launch:SIGNATURE: who has used it
--   done:OPERATION     what it has answered, for whoever has not heard it
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

local function register(flags, functions)
  for i = 1, #functions, 2 do
    local name = functions[i] .. '_' .. VERSION
    redis.register_function{function_name = name, callback = functions[i + 1], flags = flags}
  end
end

-- The store ---------------------------------------------------------------------------------------------------------

local function adopt(keys, args)
  local name = keys[1] .. ':store'
  if redis.call('EXISTS', name) == 0 then redis.call('HSET', name, 'id', args[1], 'key', args[2]) end
  return redis.call('HMGET', name, 'id', 'key')
end

register({}, {
  'adopt', adopt,
})
