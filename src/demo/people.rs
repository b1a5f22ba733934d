//! Who there is in the demo: a company, its people, and fifty customers whose numbers decide how they answer (see
//! `config/personas/README.md`).

use tsunagu_store::UserRole;

/// The company that calls.
pub const COMPANY: &str = "青空システム";
/// What signs everybody in.
pub const PASSWORD: &str = "tsunagu-demo";
/// Who signs in to look on.
pub const SUPERVISOR: &str = "supervisor@demo.example";
/// Who signs in to look after the company.
pub const ADMIN: &str = "admin@demo.example";

/// Somebody of the company.
pub struct Colleague {
    pub last_name: &'static str,
    pub first_name: &'static str,
    pub email: &'static str,
    pub role: UserRole,
    /// The telephone that rings for a hand-over, and for a supervisor who comes onto the line.
    pub phone: Option<&'static str>,
    /// The language the AI speaks on calls in their name.
    pub lang: &'static str,
    /// As whom the AI speaks on such calls.
    pub company_name: &'static str,
    pub service_name: &'static str,
    pub representative_name: &'static str,
    pub target_department: &'static str,
}

const JAPANESE: Colleague = Colleague {
    last_name: "",
    first_name: "",
    email: "",
    role: UserRole::Agent,
    phone: None,
    lang: "ja",
    company_name: COMPANY,
    service_name: "クラウド勤怠サービス",
    representative_name: "",
    target_department: "総務",
};

/// The supervisor, the admin, and five agents: three who accept, one of them on calls in English, one who takes their time, and one
/// who declines, so that a hand-over goes on to the next.
pub const COLLEAGUES: [Colleague; 7] = [
    Colleague {
        last_name: "青木",
        first_name: "由美",
        email: SUPERVISOR,
        role: UserRole::Supervisor,
        phone: Some("+817010010009"),
        representative_name: "青木",
        ..JAPANESE
    },
    Colleague {
        last_name: "西村",
        first_name: "陽子",
        email: ADMIN,
        role: UserRole::Admin,
        representative_name: "西村",
        ..JAPANESE
    },
    Colleague {
        last_name: "佐藤",
        first_name: "健太",
        email: "sato@demo.example",
        phone: Some("+817010010001"),
        representative_name: "佐藤",
        ..JAPANESE
    },
    Colleague {
        last_name: "中野",
        first_name: "美咲",
        email: "nakano@demo.example",
        phone: Some("+817010010002"),
        representative_name: "中野",
        ..JAPANESE
    },
    Colleague {
        last_name: "高橋",
        first_name: "絵美",
        email: "takahashi@demo.example",
        phone: Some("+817010010003"),
        lang: "en",
        company_name: "Aozora Systems",
        service_name: "Aozora Time, a cloud attendance service",
        representative_name: "Emi Takahashi",
        target_department: "human resources",
        ..JAPANESE
    },
    Colleague {
        last_name: "森",
        first_name: "大輔",
        email: "mori@demo.example",
        phone: Some("+817010020001"),
        representative_name: "森",
        ..JAPANESE
    },
    Colleague {
        last_name: "藤田",
        first_name: "直樹",
        email: "fujita@demo.example",
        phone: Some("+817010030001"),
        representative_name: "藤田",
        ..JAPANESE
    },
];

/// Number, name and company of every customer, in the order in which they are rung: all kinds of people early on.
pub const CUSTOMERS: [(&str, &str, &str); 50] = [
    ("+815010010001", "佐藤 一郎", "山田商事"),
    ("+815010120001", "小林 誠", "小林建設"),
    ("+815010060001", "渡辺 和夫", "渡辺設備"),
    ("+815020010001", "Sarah Mitchell", "Acme Industries"),
    ("+815010030001", "田中 直子", "田中製作所"),
    ("+815010140001", "山本 彩", "山本デザイン"),
    ("+815010100001", "岡本 浩二", "岡本不動産"),
    ("+815010130001", "吉田 恵子", "加藤商会"),
    ("+815010080001", "中村 隆", "中村印刷"),
    ("+815010020001", "鈴木 正樹", "鈴木工業"),
    ("+815010180001", "石井 亮", "石井電機"),
    ("+815010170001", "松本 香織", "松本会計事務所"),
    ("+815010050001", "伊藤 学", "伊藤運輸"),
    ("+815020060001", "Mike Donovan", "Harbor Point Clinic"),
    ("+815010070001", "前田 茂", "前田工務店"),
    ("+815010150001", "藤井 さくら", "藤井生花店"),
    ("+815010040001", "高橋 洋子", "高橋物産"),
    ("+815010010002", "佐藤 千夏", "山田商事 大阪支店"),
    ("+815010190001", "長谷川 進", "長谷川水産"),
    ("+815010160001", "村上 トメ", "村上商店"),
    ("+815010120002", "小林 由香", "小林建設 仙台支社"),
    ("+815020030001", "Helen Park", "Greenfield Logistics"),
    ("+815010090001", "近藤 明", "近藤クリーニング"),
    ("+815010140002", "山本 拓也", "山本デザイン"),
    ("+815010110001", "遠藤 静", "遠藤商店"),
    ("+815010130002", "吉田 勇", "加藤商会 名古屋支店"),
    ("+815010060002", "渡辺 京子", "渡辺設備"),
    ("+815010200001", "坂本 武", "坂本興業"),
    ("+815010020002", "鈴木 麻衣", "鈴木工業 浜松工場"),
    ("+815020020001", "Robert Hayes", "Hayes & Sons"),
    ("+815010030002", "田中 修", "田中製作所"),
    ("+815010010003", "佐藤 翔", "山田商事 福岡支店"),
    ("+815010080002", "中村 真由美", "中村印刷"),
    ("+815010170002", "松本 陽介", "松本法律事務所"),
    ("+815010050002", "伊藤 里奈", "伊藤運輸"),
    ("+815010140003", "山本 健", "山本デザイン"),
    ("+815020050001", "Grace Lin", "Lin Dental Care"),
    ("+815010120003", "小林 大地", "小林建設"),
    ("+815010040002", "高橋 実", "高橋物産 札幌支店"),
    ("+815010100002", "後藤 昭夫", "後藤酒造"),
    ("+815010130003", "吉田 美和", "加藤商会"),
    ("+815010070002", "斎藤 剛", "斎藤自動車"),
    ("+815020010002", "Sarah Kim", "Acme Industries Osaka"),
    ("+815010020003", "鈴木 達也", "鈴木工業"),
    ("+815010150002", "青山 優", "青山硝子"),
    ("+815010060003", "渡辺 聡", "渡辺設備 千葉営業所"),
    ("+815020040001", "Frank Doyle", "Doyle Plumbing"),
    ("+815010010004", "佐藤 杏奈", "山田商事"),
    ("+815010190002", "清水 弘", "清水園芸"),
    ("+815020030002", "Olivia Grant", "Greenfield Logistics Kobe"),
];
