// In place of credentials.voxengine.js: the stand-in takes any key.

const X_API_KEY = 'stand-in-key';
