/// A part of a dataset: images for training, for choosing settings, or for testing.
package enum DataPart: String, Sendable, Hashable, CaseIterable, Comparable {
  case train, val, test

  private static let words: [DataPart: Set<String>] = [
    .train: ["train", "training", "trn", "trainval", "learn"],
    .val: [
      "val", "vali", "valid", "validation", "validate", "validating", "vld", "dev", "devel", "development",
      "eval", "evaluation", "evaluate",
    ],
    .test: ["test", "testing", "tst", "tests", "holdout", "heldout", "publictest", "privatetest"],
  ]
  private static let evaluationWords: Set<String> = ["eval", "evaluation", "evaluate"]

  /// Words without meaning that may precede or follow these words.
  private static let fillers = [
    "dataset", "data", "subset", "set", "split", "images", "image", "imgs", "img", "pictures", "picture",
    "photos", "pics", "folder", "files", "samples", "sample", "seg", "cls", "cropped", "resized",
  ]

  /// The part that a folder's name or a table's cell means, in any usual spelling: `Training`, `seg_train`,
  /// `train2017`, `test-images`, `VALID`; nil for other names.
  package init?(_ name: String) {
    let core = Self.core(name)
    guard let part = Self.allCases.first(where: { Self.words[$0]?.contains(core) == true }) else {
      return nil
    }
    self = part
  }

  /// Whether a name means images for evaluation; they are for testing if other images are for validation.
  static func isEvaluation(_ name: String) -> Bool { evaluationWords.contains(core(name)) }

  /// Whether a name only says that there are images: `images`, `dataset`, `img_data`.
  static func isFiller(_ name: String) -> Bool { core(name).isEmpty && name.contains(where: \.isLetter) }

  /// The letters in lower case, without surrounding digits and filler words.
  private static func core(_ name: String) -> String {
    guard name.utf8.count <= 64 else { return name }
    let plain = name.lowercased().unicodeScalars.filter {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
    }
    var core = String(String.UnicodeScalarView(plain))
    while core.last?.isNumber == true { core.removeLast() }
    core.removeSubrange(..<(core.firstIndex { !$0.isNumber } ?? core.startIndex))
    var isShorter = true
    while isShorter, !words.values.contains(where: { $0.contains(core) }) {
      isShorter = false
      for filler in fillers {
        if core.hasPrefix(filler) {
          core.removeFirst(filler.count)
          isShorter = true
        } else if core.hasSuffix(filler) {
          core.removeLast(filler.count)
          isShorter = true
        }
      }
    }
    return core
  }

  package static func < (a: DataPart, b: DataPart) -> Bool { a.rank < b.rank }

  private var rank: Int { self == .train ? 0 : self == .val ? 1 : 2 }

  /// The purpose of the part, in words.
  var purpose: String {
    switch self {
    case .train: "to train on"
    case .val: "to validate"
    case .test: "to test"
    }
  }
}
