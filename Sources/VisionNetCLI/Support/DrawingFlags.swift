import ArgumentParser

/// Where images are drawn and cut out, for every command that finds something in them.
struct DrawingFlags: ParsableArguments {
  @Option(
    help: "Write the images with what was found drawn in to this folder, as JPEG or PNG like the originals.",
    completion: .directory)
  var draw: String?

  @Option(
    help: "Write what was found, cut out, to this folder, in a folder for each class.", completion: .directory
  )
  var crops: String?

  @Flag(help: "Overwrite files that exist.")
  var force = false
}
