import ArgumentParser

/// Where images with faces are drawn, blurred and cut out.
struct FaceDrawingFlags: ParsableArguments {
  @Option(
    help: "Write the images with their faces marked to this folder, as JPEG or PNG like the originals.",
    completion: .directory)
  var draw: String?

  @Flag(help: "Blur the faces in the images of --draw instead of marking them.")
  var blur = false

  @Option(help: "Write the faces, cut out, to this folder.", completion: .directory)
  var crops: String?

  @Flag(
    help:
      "Turn the faces of --crops upright and scale them to 112 × 112 pixels, eyes, nose and mouth at the same places."
  )
  var align = false

  @Flag(help: "Overwrite files that exist.")
  var force = false

  func validate() throws {
    guard !blur || draw != nil else {
      throw ValidationError("--blur is about images that are written: give --draw FOLDER, too")
    }
    guard !align || crops != nil else {
      throw ValidationError("--align is about faces that are cut out: give --crops FOLDER, too")
    }
  }
}
