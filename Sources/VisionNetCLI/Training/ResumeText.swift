import VisionNet

/// What an interrupted run says at its end.
enum ResumeText {
  static func say(_ run: RunFolder, _ messages: Messages) {
    messages.note("go on with: visionnet train --resume \(ShellText.quoted(run.path))")
  }
}
