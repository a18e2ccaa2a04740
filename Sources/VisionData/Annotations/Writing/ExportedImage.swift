/// An image in a set that is written.
struct ExportedImage {
  let image: AnnotatedImage
  /// Its part in the written set.
  let part: DataPart?
  /// Its path below the folder of its part; unique, also without its extension.
  let name: String

  /// The path of its file below the root.
  func path(_ abilities: FormatAbilities) -> String {
    [abilities.imageFolder, abilities.hasPartFolders ? part?.rawValue ?? "" : "", name]
      .filter { !$0.isEmpty }.joined(separator: "/")
  }

  /// The name without extension.
  var stem: String { PathName.stem(name) }
}
