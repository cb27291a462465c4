-- Users ---------------------------------------------------------------------------------------------------------------

-- What an operation has answered, where it was done before and its answer was lost.
local function answered(base, operation) return tonumber(redis.call('GET', base .. ':done:' .. operation)) end

local function answer(base, operation, number)
  redis.call('SET', base .. ':done:' .. operation, number, 'EX', 3600)
  return number
end

local function shown_user(base, name)
  local user = redis.call('HMGET', base .. ':user:' .. name, 'full_name', 'title', 'subject', 'created_at', 'password')
  if not user[1] then return {} end
  return {name, user[1], user[2], user[3], user[4], user[5] ~= '' and '1' or ''}
end

local function users(keys)
  local found = {}
  for _, name in ipairs(redis.call('ZRANGE', keys[1] .. ':users', 0, -1)) do
    found[#found + 1] = shown_user(keys[1], name)
  end
  return found
end

local function user(keys, args) return shown_user(keys[1], args[1]) end

local function user_of_subject(keys, args)
  local name = redis.call('HGET', keys[1] .. ':subjects', args[1])
  return name and shown_user(keys[1], name) or {}
end

local function password_here(base, name) return redis.call('HGET', base .. ':user:' .. name, 'password') or '' end

local function password_of(keys, args) return password_here(keys[1], args[1]) end

local function has_passwords(keys)
  for _, name in ipairs(redis.call('ZRANGE', keys[1] .. ':users', 0, -1)) do
    if password_here(keys[1], name) ~= '' then return 1 end
  end
  return 0
end

local function is_anothers(base, subject, name)
  local owner = subject ~= '' and redis.call('HGET', base .. ':subjects', subject)
  return owner and owner ~= name
end

local function take_subject(base, name, subject)
  local former = redis.call('HGET', base .. ':user:' .. name, 'subject')
  if former and former ~= '' then redis.call('HDEL', base .. ':subjects', former) end
  if subject ~= '' then redis.call('HSET', base .. ':subjects', subject, name) end
end

-- store, operation, name, full name, title, subject, created at, password: "stored", "exists", "subject"
local function add_user(keys, args)
  local base, name = keys[1], args[3]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if answered(base, args[2]) then return 'stored' end
  if redis.call('EXISTS', base .. ':user:' .. name) == 1 then return 'exists' end
  if is_anothers(base, args[6], name) then return 'subject' end
  take_subject(base, name, args[6])
  redis.call('HSET', base .. ':user:' .. name, 'full_name', args[4], 'title', args[5], 'subject', args[6],
    'created_at', args[7], 'password', args[8])
  redis.call('ZADD', base .. ':users', 0, name)
  answer(base, args[2], 1)
  return 'stored'
end

-- store, name, full name, title, subject
local function describe_user(keys, args)
  local base, name = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if redis.call('EXISTS', base .. ':user:' .. name) == 0 then return 'stored' end
  if is_anothers(base, args[5], name) then return 'subject' end
  take_subject(base, name, args[5])
  redis.call('HSET', base .. ':user:' .. name, 'full_name', args[3], 'title', args[4], 'subject', args[5])
  return 'stored'
end

-- Sign-ins

local function forget_sign_in(base, id)
  local name = base .. ':sign_in:' .. id
  local proof, of = unpack(redis.call('HMGET', name, 'proof', 'user'))
  redis.call('UNLINK', name)
  redis.call('ZREM', base .. ':sign_ins_used', id)
  redis.call('ZREM', base .. ':sign_ins_began', id)
  if not proof then return end
  redis.call('HDEL', base .. ':proofs', proof)
  redis.call('ZREM', base .. ':sign_ins_of:' .. of, id)
end

local function forget_sign_ins(base, name, but)
  local count = 0
  for _, id in ipairs(redis.call('ZRANGE', base .. ':sign_ins_of:' .. name, 0, -1)) do
    if id ~= but then
      forget_sign_in(base, id)
      count = count + 1
    end
  end
  return count
end

-- store, name, password, the session that goes on
local function set_password(keys, args)
  local base, name = keys[1], args[2]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if redis.call('EXISTS', base .. ':user:' .. name) == 0 then return 0 end
  redis.call('HSET', base .. ':user:' .. name, 'password', args[3])
  forget_sign_ins(base, name, args[4])
  return 1
end

-- store, name, former, password
local function rehash_password(keys, args)
  local name = keys[1] .. ':user:' .. args[2]
  local wrong = check(keys[1], args[1])
  if wrong then return wrong end
  if redis.call('HGET', name, 'password') == args[3] then redis.call('HSET', name, 'password', args[4]) end
  return 1
end

-- store, operation, name
local function remove_user(keys, args)
  local base, name = keys[1], args[3]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if answered(base, args[2]) then return 1 end
  if redis.call('EXISTS', base .. ':user:' .. name) == 0 then return 0 end
  take_subject(base, name, '')
  redis.call('UNLINK', base .. ':user:' .. name)
  redis.call('ZREM', base .. ':users', name)
  forget_sign_ins(base, name, '')
  return answer(base, args[2], 1)
end

-- store, last used, began: what is as old is over; most of one user, proof, id, user, way, browser, address, at
local function begin_sign_in(keys, args)
  local base, id, of, at = keys[1], args[6], args[7], args[11]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if redis.call('EXISTS', base .. ':sign_in:' .. id) == 1 then return 1 end
  for i, name in ipairs({'used', 'began'}) do
    for _, old in ipairs(redis.call('ZRANGE', base .. ':sign_ins_' .. name, '-inf', args[i + 1], 'BYSCORE')) do
      forget_sign_in(base, old)
    end
  end
  for _, old in ipairs(redis.call('ZRANGE', base .. ':sign_ins_of:' .. of, 0, -tonumber(args[4]))) do
    forget_sign_in(base, old)
  end
  redis.call('HSET', base .. ':sign_in:' .. id, 'proof', args[5], 'user', of, 'way', args[8], 'browser', args[9],
    'address', args[10], 'began_at', at, 'used_at', at)
  redis.call('HSET', base .. ':proofs', args[5], id)
  redis.call('ZADD', base .. ':sign_ins_used', at, id)
  redis.call('ZADD', base .. ':sign_ins_began', at, id)
  redis.call('ZADD', base .. ':sign_ins_of:' .. of, at, id)
  return 1
end

local function shown_sign_in(base, id, used, began)
  local name = base .. ':sign_in:' .. id
  local found = redis.call('HMGET', name, 'user', 'way', 'browser', 'address', 'began_at', 'used_at')
  local is_over = not found[1] or tonumber(found[6]) <= tonumber(used) or tonumber(found[5]) <= tonumber(began)
  if is_over then return {} end
  return {id, unpack(found)}
end

-- last used, began, proof
local function sign_in(keys, args)
  local base, id = keys[1], redis.call('HGET', keys[1] .. ':proofs', args[3])
  local found = id and shown_sign_in(base, id, args[1], args[2]) or {}
  if found[2] and found[2] ~= '' and redis.call('EXISTS', base .. ':user:' .. found[2]) == 0 then return {} end
  return found
end

-- last used, began, user
local function sign_ins(keys, args)
  local found, base = {}, keys[1]
  for _, id in ipairs(redis.call('ZRANGE', base .. ':sign_ins_of:' .. args[3], 0, -1, 'REV')) do
    local shown = shown_sign_in(base, id, args[1], args[2])
    if #shown > 0 then found[#found + 1] = shown end
  end
  return found
end

local function last_used(keys)
  local found, base = {}, keys[1]
  local names = redis.call('ZRANGE', base .. ':users', 0, -1)
  names[#names + 1] = ''
  for _, name in ipairs(names) do
    local last = redis.call('ZRANGE', base .. ':sign_ins_of:' .. name, 0, 0, 'REV')[1]
    if last then found[#found + 1] = {name, redis.call('HGET', base .. ':sign_in:' .. last, 'used_at')} end
  end
  return found
end

-- store, id, at
local function touch_sign_in(keys, args)
  local base, id, at = keys[1], args[2], args[3]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  local of = redis.call('HGET', base .. ':sign_in:' .. id, 'user')
  if not of then return 0 end
  redis.call('HSET', base .. ':sign_in:' .. id, 'used_at', at)
  redis.call('ZADD', base .. ':sign_ins_used', at, id)
  redis.call('ZADD', base .. ':sign_ins_of:' .. of, at, id)
  return 1
end

-- store, operation, user, id
local function end_sign_in(keys, args)
  local base, id = keys[1], args[4]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  if answered(base, args[2]) then return 1 end
  if redis.call('HGET', base .. ':sign_in:' .. id, 'user') ~= args[3] then return 0 end
  forget_sign_in(base, id)
  return answer(base, args[2], 1)
end

-- store, user, the session that goes on: how many were ended
local function end_sign_ins(keys, args)
  local wrong = check(keys[1], args[1])
  if wrong then return wrong end
  return forget_sign_ins(keys[1], args[2], args[3])
end

-- store, operation, signature, until, now
local function use_launch(keys, args)
  local base, signature = keys[1], args[3]
  local wrong = check(base, args[1])
  if wrong then return wrong end
  for _, old in ipairs(redis.call('ZRANGE', base .. ':launches', '-inf', '(' .. args[5], 'BYSCORE')) do
    redis.call('UNLINK', base .. ':launch:' .. old)
    redis.call('ZREM', base .. ':launches', old)
  end
  redis.call('ZADD', base .. ':launches', 'NX', args[4], signature)
  redis.call('SET', base .. ':launch:' .. signature, args[2], 'NX')
  return redis.call('GET', base .. ':launch:' .. signature) == args[2] and 1 or 0
end

register({}, {
  'add_user', add_user, 'describe_user', describe_user, 'set_password', set_password,
  'rehash_password', rehash_password, 'begin_sign_in', begin_sign_in, 'use_launch', use_launch,
})
-- What makes room, or must go on where there is none.
register({'allow-oom'}, {
  'remove_user', remove_user, 'touch_sign_in', touch_sign_in, 'end_sign_in', end_sign_in,
  'end_sign_ins', end_sign_ins,
})
register({'no-writes'}, {
  'users', users, 'user', user, 'user_of_subject', user_of_subject, 'password_of', password_of,
  'has_passwords', has_passwords, 'sign_in', sign_in, 'sign_ins', sign_ins, 'last_used', last_used,
})
