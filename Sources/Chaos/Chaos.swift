enum ChaosPlaceholder {}
