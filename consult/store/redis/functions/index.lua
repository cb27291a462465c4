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

-- after which number, most rows, most bytes: of each file its number and all that is known of it
local function files(keys, args)
  local base, found, size = keys[1], {}, 0
  local last = tonumber(redis.call('GET', base .. ':file_number') or '0')
  for number = args[1] + 1, last do
    local row = redis.call('HMGET', base .. ':file:' .. number, 'sop', 'file', 'study', 'series', 'modality', 'images',
      'data')
    if row[1] then
      if #found > 0 and (#found >= tonumber(args[2]) or size + #row[7] > tonumber(args[3])) then break end
      size = size + #row[7]
      table.insert(row, 1, number)
      found[#found + 1] = row
    end
  end
  return found
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

register({}, {
  'put_files', put_files, 'put_derived', put_derived,
})
-- What makes room, or must go on where there is none.
register({'allow-oom'}, {
  'delete_files', delete_files, 'delete_derived', delete_derived,
})
register({'no-writes'}, {
  'records', records, 'studies', studies, 'files', files,
})
