/**
 * Chinese, Japanese and Korean names. There are no capitals and no spaces there, but few surnames and clear company: a word for
 * "name" before, or a form of address behind. Lists: the most frequent surnames of each language (public statistics).
 */
import type { Finding } from '../../contract/index.js';

const CHINESE =
  '欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳鄭謝許馮鄧葉蘇呂盧鍾譚陸範賈鄒龍賀顧龔萬錢嚴湯]';
const JAPANESE =
  '佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|斉藤|清水|山崎|森|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|金子|岡本|藤原|三浦|中野|中川|原田|松田|竹内|小野|田村|中山|和田|石田|森田|上田|原|内田|柴田|酒井|宮崎|横山|高木|安藤|宮本|大野|小島|谷口|今井|工藤|高田|増田|丸山|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|野口|武田|松井|千葉|菅原|岩崎|久保|木下|佐野|野村|松尾|菊地|市川|杉本|古川|大西|島田|水野|桜井|高野|渡部|吉川|山内|西田|飯田|菊池|西川|小松|北村|安田|五十嵐|川口|平田|関|中田|久保田|東|服部|川崎|岩田|土屋|福島|本田|樋口|秋山|田口|永井|中西|吉村|川上|石原|大橋|松岡|馬場|浜田|森本|星野|矢野|浅野|松下|大久保|吉岡|荒木|大谷|熊谷|黒田';
const KOREAN =
  '남궁|황보|제갈|[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모]';
const HAN = '[\\u3400-\\u9fff々]';

/** Each has the name in the group `n`. */
const FORMS: readonly RegExp[] = [
  // 我叫王小明, 姓名：李建国, 患者张伟，
  new RegExp(
    `(?:我叫|我是|叫做|名叫|姓名(?:是|为)?|名字(?:是|叫)?|客户|患者|病人|联系人|收件人|寄件人|申请人|负责人|法定代表人|委托人|受益人|持卡人|户名|员工|本人|聯絡人|客戶)["”]?\\s{0,2}[:：,"“]{0,3}\\s{0,2}(?<n>(?:${CHINESE})${HAN}{1,2}?)(?=先生|女士|小姐|同学|医生|老师|经理|的|，|。|、|,|;|；|"|”|在|于|电|手|\\(|（|\\s|$|[^\\u3400-\\u9fff])`,
    'gu',
  ),
  // 王小明先生, 李经理
  new RegExp(`(?<n>(?:${CHINESE})${HAN}{0,2}?)(?=先生|女士|小姐|太太|医生|老师|经理|总监|同学|師傅|师傅|博士|教授|律师)`, 'gu'),
  // 佐藤健一様, 田中さん
  new RegExp(`(?<n>(?:${JAPANESE})[ \\u3000]?(?:${HAN}{1,3}|[\\u3041-\\u3096\\u30a1-\\u30fa]{2,4})?)(?=[ \\u3000]?(?:さん|さま|様|氏|君|くん|ちゃん|先生|殿|課長|部長|社長|医師))`, 'gu'),
  // 氏名：山田太郎, お名前 鈴木花子
  new RegExp(`(?:氏名|お?名前|担当者?|宛名|患者名?|お客様名|契約者|申込者|私は|代表者)["」]?\\s{0,2}(?:は|[:：])?\\s{0,2}["「]?(?<n>(?:${JAPANESE})[ \\u3000]?(?:${HAN}{1,3}|[\\u3041-\\u3096]{2,4}))(?=です|と申|で|が|は|、|。|」|"|,|\\s|$|[（(])`, 'gu'),
  // 김민수님, 고객 이영희
  new RegExp(`(?<![\\uac00-\\ud7a3])(?<n>(?:${KOREAN})[\\uac00-\\ud7a3]{1,2})(?=\\s?(?:님|씨|양|군|고객|선생|과장|대리|부장|차장|사원|대표|교수|의사|박사|환자|사장))`, 'gu'),
  new RegExp(`(?:이름|성명|고객명?|환자명?|담당자|예금주|수신인|받는 ?사람|저는|제 이름은|신청인|대표자)(?:은|는)?["]?\\s{0,2}[:：]?\\s{0,2}"?(?<n>(?:${KOREAN})[\\uac00-\\ud7a3]{2})(?=이고|입니다|이며|이에요|예요|님|씨|,|\\.|"|\\s|$|[(（])`, 'gu'),
]; // biome-ignore format: tables

const EASTERN = /[\u3041-\u30fa\u3400-\u9fff\uac00-\ud7a3]/;

/** Adds persons with Chinese, Japanese or Korean names; linear in the text. */
export function easternNames(text: string, found: Finding[]): void {
  if (!EASTERN.test(text)) return;
  for (const form of FORMS) {
    for (const m of text.matchAll(form)) {
      const name = m.groups!.n!;
      const start = m.index + m[0].lastIndexOf(name);
      const end = start + name.length;
      found.push({
        entity: 'PERSON',
        category: 'person',
        start,
        end,
        confidence: 0.95,
        why: 'surname with its form of address',
        detector: 'names',
      });
    }
  }
}
