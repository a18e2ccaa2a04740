/// Headings of tables of images as people write them.
enum TableTitles {
  /// Of paths, the plainest first.
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

  /// Letters and digits in lower case.
  static func plain(_ title: String) -> String {
    guard title.utf8.count <= 64 else { return title }
    return title.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// How plainly a title is that of paths, 0 the most; nil for other titles.
  static func pathRank(_ title: String) -> Int? { paths.firstIndex(of: plain(title)) }
  /// Whether a title is one of labels, whatever the images show.
  static func isLabel(_ title: String) -> Bool { labels.contains(plain(title)) }
  /// Whether a title says what kind of thing the images show.
  static func isKind(_ title: String) -> Bool { kinds.contains(plain(title)) }
  /// Whether a title is one of parts of the data.
  static func isPart(_ title: String) -> Bool { parts.contains(plain(title)) }
  /// The part that a column of yes and no asks for.
  static func question(_ title: String) -> DataPart? { questions[plain(title)] }

  static func isKnown(_ title: String) -> Bool {
    pathRank(title) != nil || isLabel(title) || isKind(title) || isPart(title) || question(title) != nil
  }
}
