/** What `yizhan token --help` says. */
import type { Language } from "../config/problem.ts";

export const tokenUsage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan token key --id 名称 --role 角色 -o 目录 [--json]
      yizhan token sign --key 私钥文件 --station 站点 --verb 请求 [--json-payload '{…}'] [--seq N|auto] [--json]
key：生成一对 Ed25519 密钥（名称.key 仅本人可读，名称.pub），并显示应写入站点配置的内容；已有的文件不会被覆盖。
sign：为一个请求签名，补上 id、expiresAt、key、seq，输出一行 JSON，可直接交给 mosquitto_pub -l。
  --role R          viewer、operator、technician 或 supervisor
  --json-payload J  该请求自己的字段，例如 '{"bay":2,"by":"夜班"}'
  --key-id ID       配置中的密钥名称；默认取文件名去掉 .key
  --seq N|auto      序号，须大于此密钥上次被接受的序号；默认 auto，即当前毫秒数
  --holds-s S       有效秒数，默认 50
  --json            key：输出一个 JSON 对象；sign：输出 { topic, request }
  --lang zh|en      输出语言
退出码：0 正常，1 文件已存在或不可用，2 用法错误
`,
  en: `Usage: yizhan token key --id NAME --role ROLE -o DIRECTORY [--json]
       yizhan token sign --key FILE --station S --verb V [--json-payload '{…}'] [--seq N|auto] [--json]
key: makes an Ed25519 key pair (NAME.key for its owner alone, NAME.pub) and prints the lines for the station's
configuration; files that are there are never overwritten.
sign: signs one request, adds id, expiresAt, key and seq, and prints one line of JSON for mosquitto_pub -l.
  --role R          viewer, operator, technician or supervisor
  --json-payload J  the fields of the request itself, such as '{"bay":2,"by":"night desk"}'
  --key-id ID       name of the key in the configuration; the file's name without .key otherwise
  --seq N|auto      number of the order, above the last one accepted from this key; auto, the default, is the time in ms
  --holds-s S       for how many seconds it holds; 50 by default
  --json            key: print one JSON object; sign: print { topic, request }
  --lang zh|en      language of the output
Exit codes: 0 ok, 1 a file is there already or cannot be used, 2 usage
`,
};
