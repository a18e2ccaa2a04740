import VisionNet

/// The message of an interrupted run.
enum ResumeText {
  static func say(_ run: RunFolder, _ messages: Messages) {
    messages.note("continue with: visionnet train --resume \(ShellText.quoted(run.path))")
  }
}
