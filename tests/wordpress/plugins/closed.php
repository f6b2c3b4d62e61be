<?php
// What plug-ins do that close the REST interface to those who are not logged in.
add_filter('rest_authentication_errors', function ($result) {
    if ($result || is_user_logged_in()) {
        return $result;
    }
    $status = (int) get_option('forum_closed_with', 401);
    return new WP_Error('rest_not_logged_in', 'You are not logged in.', ['status' => $status]);
});
