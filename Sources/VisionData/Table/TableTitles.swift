/// Typical headings of tables of images.
enum TableTitles {
  /// Headings of paths, the clearest first.
  private static let paths = [
    "path", "filepath", "imagepath", "imgpath", "picturepath", "photopath", "relativepath", "relpath", "file",
    "filename", "imagefile", "imagefilename", "imagename", "imgname", "picturename", "photoname", "image",
    "img", "picture", "photo", "pic", "images", "files", "paths", "filenames", "imageid", "imgid",
    "pictureid", "photoid", "fileid", "name", "fname", "fn", "id",
  ]
  private static let labels: Set<String> = [
    "label", "labels", "class", "classes", "category", "categories", "target", "targets", "groundtruth", "gt",
    "tag", "tags", "classname", "labelname", "categoryname", "targetname", "classlabel", "classlabels",
    "truelabel", "imagelabel", "classid", "labelid", "categoryid", "targetid", "classindex", "labelindex",
    "classidx", "labelidx", "classnumber", "classno",
  ]
  private static let kinds: Set<String> = [
    "breed", "species", "variety", "type", "kind", "genre", "style", "emotion", "expression", "disease",
    "diagnosis", "dx", "finding", "findings", "animal", "flower", "fruit", "vegetable", "plant", "food",
    "dish", "sign", "digit", "character", "letter", "brand", "material", "scene", "object", "condition",
    "grade", "severity", "answer", "annotation", "annotations", "cultivar", "plankton", "landmarkid",
    "landmark", "individual", "y", "color", "colour", "shape", "weather",
  ]
  private static let parts: Set<String> = [
    "split", "splits", "set", "subset", "part", "partition", "phase", "usage", "stage", "datasetsplit",
    "datasplit", "settype", "splitname", "splittype", "setname", "traintest", "trainvaltest",
    "traintestsplit", "dataset", "datatype", "mode",
  ]
  private static let questions: [String: DataPart] = [
    "istrain": .train, "istraining": .train, "istrainingimage": .train, "intrain": .train,
    "isval": .val, "isvalid": .val, "isvalidation": .val, "istest": .test, "istesting": .test,
    "intest": .test,
  ]

  /// The letters and digits in lower case.
  static func plain(_ title: String) -> String {
    guard title.utf8.count <= 64 else { return title }
    return title.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// How clearly a heading is that of paths, 0 being the clearest; nil for other headings.
  static func pathRank(_ title: String) -> Int? { paths.firstIndex(of: plain(title)) }
  /// Whether a heading is one of labels in general.
  static func isLabel(_ title: String) -> Bool { labels.contains(plain(title)) }
  /// Whether a heading names the kind of thing that the images show.
  static func isKind(_ title: String) -> Bool { kinds.contains(plain(title)) }
  /// Whether a heading is one of parts of the data.
  static func isPart(_ title: String) -> Bool { parts.contains(plain(title)) }
  /// The part to which a yes-or-no column refers.
  static func question(_ title: String) -> DataPart? { questions[plain(title)] }

  static func isKnown(_ title: String) -> Bool {
    pathRank(title) != nil || isLabel(title) || isKind(title) || isPart(title) || question(title) != nil
  }
}
